using Apache.Arrow;
using Apache.Arrow.Types;

namespace GitHistory.Events;

/// <summary>The columns of an event.</summary>
internal static class EventColumns
{
    public const string Path = "path";
    public const string Directory = "directory";
    public const string Mode = "mode";
    public const string BlobId = "blob_id";
    public const string Size = "size_bytes";
    public const string Author = "author";
    public const string CommitTime = "commit_time";
    public const string CommitId = "commit_id";
    public const string Sequence = "sequence";
    public const string Operation = "op";
    public const string Upsert = "upsert";
    public const string Delete = "delete";

    /// <summary>The type of <see cref="CommitTime"/>.</summary>
    public static readonly TimestampType TimeType = new(TimeUnit.Microsecond, "UTC");

    /// <summary>The schema of a batch of events.</summary>
    public static readonly Schema Schema = new(
        [
            new Field(Path, StringType.Default, nullable: false),
            new Field(Directory, StringType.Default, nullable: false),
            new Field(Mode, StringType.Default, nullable: true),
            new Field(BlobId, StringType.Default, nullable: true),
            new Field(Size, Int64Type.Default, nullable: true),
            new Field(Author, StringType.Default, nullable: true),
            new Field(CommitTime, TimeType, nullable: true),
            new Field(CommitId, StringType.Default, nullable: true),
            new Field(Sequence, Int64Type.Default, nullable: false),
            new Field(Operation, StringType.Default, nullable: true),
        ],
        null);
}
