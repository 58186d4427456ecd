using System.Reflection;
using Xunit.Sdk;

namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>The tables that the <see cref="GoldenTheoryAttribute"/> of the test is about, one test case each.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GoldenTablesAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        GoldenPart part = testMethod.GetCustomAttribute<GoldenTheoryAttribute>()!.Part;
        return Select(part).Select(table => new object[] { new GoldenCase(table.Id) });
    }

    internal static IEnumerable<GoldenTable> Select(GoldenPart part) => GoldenFolder.Tables.Where(table => part switch
    {
        GoldenPart.Readable => !table.IsError,
        GoldenPart.Rows => table.HasRows && table.Kind is "parquet" or "ascii" or "inline",
        GoldenPart.Derived => table.HasRows && table.HasDump,
        GoldenPart.Changes => table.HasRows && table.MayRecordChanges,
        GoldenPart.Errors => table.IsError,
        GoldenPart.WriteErrors => table is { IsError: false, IsWriteError: true },
        GoldenPart.Writable => table is { HasRows: true, IsWriteError: false },
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    });
}
