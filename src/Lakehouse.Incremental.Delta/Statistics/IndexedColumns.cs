using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Delta.Schemas;
using Lakehouse.Incremental.Delta.Snapshots;
using StructType = Apache.Arrow.Types.StructType;

namespace Lakehouse.Incremental.Delta.Statistics;

/// <summary>
/// The leaf columns that statistics are kept for (protocol notes, section 8): the first so many, or those the table names, and in any case the columns
/// it is clustered by. Leaves are told by their physical names, a control character between.
/// </summary>
internal sealed class IndexedColumns
{
    private const char Separator = '\u0001';

    private readonly HashSet<string> _leaves = new(StringComparer.Ordinal);
    private readonly HashSet<string>? _named;
    private readonly HashSet<string> _clustered;
    private int _budget;

    private IndexedColumns(TableProperties properties, IEnumerable<string> clustered)
    {
        _named = properties.DataSkippingStatsColumns is { } list ? new HashSet<string>(Names(list), StringComparer.OrdinalIgnoreCase) : null;
        _budget = _named is not null || properties.DataSkippingNumIndexedCols < 0 ? int.MaxValue : properties.DataSkippingNumIndexedCols;
        _clustered = new HashSet<string>(clustered, StringComparer.Ordinal);
        StringPrefix = properties.DataSkippingStringPrefixLength;
    }

    /// <summary>Longest text in bounds, in characters.</summary>
    public int StringPrefix { get; }

    /// <param name="logical">The data columns of the table.</param>
    /// <param name="physical">The same columns as files know them.</param>
    /// <param name="properties">Say which columns.</param>
    /// <param name="clustered">Physical paths of the columns the table is clustered by.</param>
    public static IndexedColumns Of(Schema logical, Schema physical, TableProperties properties, IReadOnlyList<IReadOnlyList<string>>? clustered = null)
    {
        IndexedColumns columns = new(properties, (clustered ?? []).Select(static path => string.Join(Separator, path)));
        columns.Add(logical.FieldsList, physical.FieldsList, "", "", columns._named is null);
        return columns;
    }

    /// <summary>For the data columns of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="logical">Its data columns, partition columns not among them.</param>
    public static IndexedColumns Of(Snapshot table, Schema logical) =>
        Of(logical, table.Mapping.ToPhysical(logical), table.TableProperties, ClusteringColumns.Of(table));

    /// <summary>Whether a leaf is one of them.</summary>
    /// <param name="parent">The path of the struct it is a field of, as <see cref="Below"/> makes it; empty for a column.</param>
    /// <param name="name">Its physical name.</param>
    public bool Contains(string parent, string name) => _leaves.Contains(parent + name);

    /// <summary>The path of a struct for the fields in it.</summary>
    public static string Below(string parent, string name) => parent + name + Separator;

    /// <param name="logical">Fields under the names of the table.</param>
    /// <param name="physical">The same fields under the names of files.</param>
    /// <param name="path">The logical path to them, a dot behind.</param>
    /// <param name="parent">The physical path to them.</param>
    /// <param name="all">Whether they are indexed without being named.</param>
    private void Add(IReadOnlyList<Field> logical, IReadOnlyList<Field> physical, string path, string parent, bool all)
    {
        for (int i = 0; i < logical.Count; i++)
        {
            string fullName = path + logical[i].Name;
            bool named = all || _named!.Contains(fullName);
            if (logical[i].DataType is StructType structure && !VariantSchema.Marks(logical[i]))
            {
                Add(structure.Fields, ((StructType)physical[i].DataType).Fields, fullName + ".", Below(parent, physical[i].Name), named);
            }
            else if (logical[i].DataType is not NullType)
            {
                string leaf = parent + physical[i].Name;
                bool within = named && _budget > 0;
                _budget -= within ? 1 : 0;
                if (within || _clustered.Contains(leaf))
                {
                    _leaves.Add(leaf);
                }
            }
        }
    }

    /// <summary>Names in back quotes are those names; columns are told apart without regard to case.</summary>
    private static IEnumerable<string> Names(string list) => list
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(static name => name.Replace("`", "", StringComparison.Ordinal));
}
