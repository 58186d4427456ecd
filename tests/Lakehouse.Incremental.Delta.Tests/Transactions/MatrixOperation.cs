using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Transactions;

/// <summary>One of the operations of the matrix, as the transaction that loses and as the commit that wins.</summary>
internal sealed record MatrixOperation(string Name, CommitPlan Plan)
{
    private static readonly ReadScope Day1 = ReadScope.Matching(static file => file.PartitionValues["day"] == "1", ["A", "B"]);

    /// <summary>All of them, by the names the matrix uses.</summary>
    public static async Task<IReadOnlyList<MatrixOperation>> AllAsync(MatrixTable t)
    {
        MetadataAction metadata = t.Snapshot.Metadata;
        ProtocolAction protocol = t.Snapshot.Protocol;
        AddFile n1 = MatrixTable.New("N1", 1);
        AddFile n2 = MatrixTable.New("N2", 2);
        AddFile moved = MatrixTable.New("AB", 1) with { DataChange = false, Stats = "{\"numRecords\":20}" };
        AddFile movedC = MatrixTable.New("CC", 2) with { DataChange = false, Stats = "{\"numRecords\":9}" };
        RemoveFile[] oldAb = [MatrixTable.Removed(t.A, false), MatrixTable.Removed(t.B, false)];
        DeletionVector deletedInC = DeletionVector.Of([0L]);
        MovedFile[] ab = [new(t.A, DeletionVector.Empty), new(t.B, DeletionVector.Empty)];
        return
        [
            new("ab1", Blind(n1)),
            new("ab2", Blind(n2)),
            new("fo1", Make("WRITE", ReadScope.Nothing, n1)),
            new("at1", Make("WRITE", ReadScope.Table, n1)),
            new("ap1", Make("WRITE", Day1, n1)),
            new("ovw", Make("WRITE", ReadScope.Table, MatrixTable.Removed(t.A), MatrixTable.Removed(t.B), MatrixTable.Removed(t.C), n1)),
            new("dp1", Make("DELETE", Rows("1", "A", "B"), MatrixTable.Removed(t.A), MatrixTable.Removed(t.B))),
            new("dp2", Make("DELETE", Rows("2", "C"), MatrixTable.Removed(t.C))),
            new("da1", Make("DELETE", Rows("1", "A"), await t.MarkAsync(t.A, 1))),
            new("da2", Make("DELETE", Rows("1", "A"), await t.MarkAsync(t.A, 2))),
            new("dc1", Make("DELETE", Rows("2", "C"), await t.MarkAsync(t.C, 1))),
            new("dAA", Make("DELETE", Rows("1", "A"), MatrixTable.Removed(t.A))),
            new("wA1", Make("DELETE", Rows("1", "A"), MatrixTable.Removed(t.A), MatrixTable.New("A'", 1))),
            new("ua3", Make("UPDATE", Rows("1", "A"), [.. await t.MarkAsync(t.A, 3), n1])),
            new("cAB", Make("OPTIMIZE", Files("A", "B"), [.. oldAb, moved]) with { Moves = RowMove.Pair(ab, [moved]) }),
            new("sAB", Make("OPTIMIZE", Files("A", "B"), [.. oldAb, moved])),
            new("cCC", Make("OPTIMIZE", Files("C"), MatrixTable.Removed(t.C, false), movedC) with
            {
                Moves = RowMove.Pair([new(t.C, deletedInC)], [movedC]),
            }),
            new("reC", Make("RESTORE", ReadScope.Table, MatrixTable.Removed(t.C), t.C with { DeletionVector = null })),
            new("stA", Make("COMPUTE STATS", Files("A"), t.A with { DataChange = false, Stats = "{\"numRecords\":10,\"nullCount\":{\"id\":0}}" })),
            new("met", Make("SET TBLPROPERTIES", ReadScope.Nothing, Configured("delta.enableChangeDataFeed", "true"))),
            new("idm", Make("WRITE", ReadScope.Nothing, metadata with { SchemaString = Marked(metadata.SchemaString) })),
            new("ict", Make("SET TBLPROPERTIES", ReadScope.Nothing, Configured("delta.enableInCommitTimestamps", "true"))),
            new("rto", Make("SET TBLPROPERTIES", ReadScope.Nothing, Configured("delta.enableRowTracking", "true"))),
            new("con", Make("ADD CONSTRAINT", ReadScope.Table, Configured("delta.constraints.c", "id > 0"))),
            new("pfe", Make("UPGRADE PROTOCOL", ReadScope.Nothing, WithFeature("inCommitTimestamp"))),
            new("pch", Make("UPGRADE PROTOCOL", ReadScope.Nothing, WithFeature("checkConstraints"))),
            new("txx", Make("TXN", ReadScope.Nothing, new SetTransaction("x", 1))),
            new("txy", Make("TXN", ReadScope.Nothing, new SetTransaction("y", 1))),
            new("dox", Make("DOMAIN", ReadScope.Nothing, new DomainMetadata("x", "{}"))),
            new("doy", Make("DOMAIN", ReadScope.Nothing, new DomainMetadata("y", "{}"))),
            new("dor", Make("DOMAIN", ReadScope.Nothing, new DomainMetadata("delta.rowTracking", "{\"rowIdHighWaterMark\":9}"))),
            new("und", Make("MERGE", ReadScope.Everything, [.. await t.MarkAsync(t.A, 5), n1])),
            new("nop", Make("NOTHING", ReadScope.Nothing)),
        ];

        MetadataAction Configured(string key, string value) =>
            metadata with { Configuration = new Dictionary<string, string>(metadata.Configuration) { [key] = value } };

        ProtocolAction WithFeature(string feature) => protocol with { WriterFeatures = [.. protocol.WriterFeatures!, feature] };
    }

    private static string Marked(string schema) =>
        schema.Replace("\"metadata\":{}", "\"metadata\":{\"delta.identity.highWaterMark\":7}", StringComparison.Ordinal);

    private static CommitPlan Blind(AddFile file) => new() { Actions = [file], Info = new CommitInfo { Operation = "WRITE" }, BlindAppend = true };

    private static CommitPlan Make(string operation, ReadScope reads, params DeltaAction[] actions) =>
        new() { Actions = actions, Info = new CommitInfo { Operation = operation }, Reads = reads };

    // A condition on the partition column and perhaps others, with the files in which rows matched.
    private static ReadScope Rows(string day, params string[] touched) =>
        ReadScope.Matching(file => file.PartitionValues["day"] == day, touched, rowWise: true);

    private static ReadScope Files(params string[] paths) => ReadScope.Matching(static _ => false, paths, rowWise: true);
}
