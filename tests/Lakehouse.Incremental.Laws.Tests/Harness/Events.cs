using Apache.Arrow;
using Apache.Arrow.Types;
using Lakehouse.Incremental.Columnar;
using Lakehouse.Incremental.Laws.Tests.Model;

namespace Lakehouse.Incremental.Laws.Tests.Harness;

/// <summary>Events of the model as record batches.</summary>
internal static class Events
{
    public static Schema Schema { get; } = new(
        [
            new Field("k1", StringType.Default, true), new Field("k2", Int64Type.Default, true), new Field("s1", Int64Type.Default, true),
            new Field("s2", Int32Type.Default, true), new Field("name", StringType.Default, true), new Field("price", DoubleType.Default, true),
            new Field("amount", Int64Type.Default, true), new Field("op", StringType.Default, true),
        ],
        null);

    public static RecordBatch ToBatch(IReadOnlyList<Event> events)
    {
        StringArray.Builder k1 = new(), name = new(), op = new();
        Int64Array.Builder k2 = new(), s1 = new(), amount = new();
        Int32Array.Builder s2 = new();
        DoubleArray.Builder price = new();
        foreach (Event e in events)
        {
            k1.Append(e.K1);
            k2.Append(e.K2);
            s1.Append(e.S1);
            s2.Append(e.S2);
            _ = e.Name is null ? name.AppendNull() : name.Append(e.Name);
            price.Append(e.Price);
            amount.Append(e.Amount);
            op.Append(e.IsDelete ? "d" : "u");
        }

        return new RecordBatch(Schema, [k1.Build(), k2.Build(), s1.Build(), s2.Build(), name.Build(), price.Build(), amount.Build(), op.Build()], events.Count);
    }

    /// <summary>The product's answer to a tie: the digest over the columns that the table keeps.</summary>
    public static UInt128 Digest(Event e) => RowDigest.Compute(ToBatch([e]), [0, 1, 2, 3, 4, 5, 6], DigestDomain.Event)[0];
}
