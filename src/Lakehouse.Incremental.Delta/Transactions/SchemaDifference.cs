using Lakehouse.Incremental.Delta.Schemas;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>What tells two schemas apart, in words. The order of fields does not count.</summary>
internal static class SchemaDifference
{
    public static List<string> Describe(StructType wanted, StructType actual)
    {
        List<string> differences = [];
        Compare(wanted, actual, "", differences);
        return differences;
    }

    /// <summary>Whether two types hold the same values; nullability inside of them counts.</summary>
    public static bool SameType(DataType wanted, DataType actual)
    {
        List<string> differences = [];
        Compare(wanted, actual, "", differences);
        return differences.Count == 0;
    }

    private static void Compare(DataType wanted, DataType actual, string path, List<string> differences)
    {
        switch (wanted, actual)
        {
            case (StructType a, StructType b):
                CompareFields(a, b, path, differences);
                break;
            case (ArrayType a, ArrayType b):
                Compare(a.ElementType, b.ElementType, path + ".element", differences);
                CompareNulls(a.ContainsNull, b.ContainsNull, path + ".element", differences);
                break;
            case (MapType a, MapType b):
                Compare(a.KeyType, b.KeyType, path + ".key", differences);
                Compare(a.ValueType, b.ValueType, path + ".value", differences);
                CompareNulls(a.ValueContainsNull, b.ValueContainsNull, path + ".value", differences);
                break;
            default:
                if (!wanted.Equals(actual))
                {
                    differences.Add($"column '{path}' is {Name(actual)}, not {Name(wanted)}");
                }

                break;
        }
    }

    private static void CompareFields(StructType wanted, StructType actual, string path, List<string> differences)
    {
        foreach (StructField field in wanted.Fields)
        {
            string name = path.Length == 0 ? field.Name : path + "." + field.Name;
            int at = actual.IndexOf(field.Name);
            if (at < 0)
            {
                differences.Add($"column '{name}' ({Name(field.Type)}) is missing in the table");
                continue;
            }

            Compare(field.Type, actual.Fields[at].Type, name, differences);
            CompareNulls(field.Nullable, actual.Fields[at].Nullable, name, differences);
        }

        foreach (StructField field in actual.Fields.Where(field => wanted.IndexOf(field.Name) < 0))
        {
            string name = path.Length == 0 ? field.Name : path + "." + field.Name;
            differences.Add($"the table has the further column '{name}' ({Name(field.Type)})");
        }
    }

    private static void CompareNulls(bool wanted, bool actual, string path, List<string> differences)
    {
        if (wanted != actual)
        {
            differences.Add($"column '{path}' {(actual ? "may" : "must not")} hold nulls in the table");
        }
    }

    private static string Name(DataType type) => type switch
    {
        StructType => "a struct",
        ArrayType => "an array",
        MapType => "a map",
        _ => type.ToString(),
    };
}
