namespace Lakehouse.Incremental.Delta;

/// <summary>The stable codes of <see cref="LakehouseException.ErrorCode"/>. A code once released keeps its meaning.</summary>
public static class ErrorCodes
{
    /// <summary>There is no Delta table at the given place, or not at the given version.</summary>
    public const string TableNotFound = "TABLE_NOT_FOUND";

    /// <summary>A table is there already.</summary>
    public const string TableExists = "TABLE_EXISTS";

    /// <summary>The asked version is not, or no longer, in the log.</summary>
    public const string VersionNotFound = "VERSION_NOT_FOUND";

    /// <summary>A table feature or protocol version is not supported.</summary>
    public const string UnsupportedFeature = "UNSUPPORTED_FEATURE";

    /// <summary>The log has a gap, or lacks a protocol or metadata action.</summary>
    public const string CorruptLog = "CORRUPT_LOG";

    /// <summary>A data file, checkpoint, deletion vector or state file cannot be read as what it claims to be.</summary>
    public const string CorruptFile = "CORRUPT_FILE";

    /// <summary>An older version cannot be brought back, because files it needs were deleted.</summary>
    public const string FilesMissing = "FILES_MISSING";

    /// <summary>A path in the log points outside of the table.</summary>
    public const string PathNotAllowed = "PATH_NOT_ALLOWED";

    /// <summary>A concurrent commit changed what this one relies on, more often than the retries allow.</summary>
    public const string CommitConflict = "COMMIT_CONFLICT";

    /// <summary>The storage could not make a write durable; what became of it is not known.</summary>
    public const string StorageFailure = "STORAGE_FAILURE";

    /// <summary>The schema of a batch does not fit the table.</summary>
    public const string SchemaMismatch = "SCHEMA_MISMATCH";

    /// <summary>A schema, property or option is invalid in itself.</summary>
    public const string InvalidConfiguration = "INVALID_CONFIGURATION";

    /// <summary>A column name is reserved by the format or by a flow.</summary>
    public const string ReservedColumn = "RESERVED_COLUMN";

    /// <summary>A NOT NULL column received nulls.</summary>
    public const string NotNullViolation = "NOT_NULL_VIOLATION";

    /// <summary>An empty text or binary in a partition column: the format would read it back as null.</summary>
    public const string EmptyPartitionValue = "EMPTY_PARTITION_VALUE";

    /// <summary>The table is append-only and the operation would change or delete rows.</summary>
    public const string AppendOnly = "APPEND_ONLY";

    /// <summary>The change data feed is not enabled for the whole asked range of versions.</summary>
    public const string ChangeDataUnavailable = "CHANGE_DATA_UNAVAILABLE";

    /// <summary>A key column is null (semantics 2.8).</summary>
    public const string NullKey = "NULL_KEY";

    /// <summary>A sequence column is null (semantics 2.9).</summary>
    public const string NullSequence = "NULL_SEQUENCE";

    /// <summary>A sequence cannot be ordered: its type has no order, or a value is NaN (semantics 2.9).</summary>
    public const string NonOrderableSequence = "NON_ORDERABLE_SEQUENCE";

    /// <summary>The key columns differ from those the table was built with.</summary>
    public const string KeySchemaDrift = "KEY_SCHEMA_DRIFT";

    /// <summary>The sequence columns differ from those the table was built with.</summary>
    public const string SequencingTypeDrift = "SEQUENCING_TYPE_DRIFT";

    /// <summary>The tracked columns differ from those the table was built with.</summary>
    public const string TrackHistoryDrift = "TRACK_HISTORY_DRIFT";

    /// <summary>The SCD type differs from the one the table was built with.</summary>
    public const string ScdTypeDrift = "SCD_TYPE_DRIFT";

    /// <summary>Another part of the flow's configuration differs from the one the table was built with.</summary>
    public const string ConfigurationDrift = "CONFIG_DRIFT";

    /// <summary>The target holds a key more than once (semantics 2.35).</summary>
    public const string TargetKeyNotUnique = "TARGET_KEY_NOT_UNIQUE";

    /// <summary>A value cannot be represented in the target's type without loss (semantics 2.11).</summary>
    public const string LossyCast = "LOSSY_CAST";

    /// <summary>An exact result does not fit the type it is published in.</summary>
    public const string Overflow = "ARITHMETIC_OVERFLOW";

    /// <summary>A retraction found nothing to retract (semantics 2.29).</summary>
    public const string RetractionUnderflow = "RETRACTION_UNDERFLOW";

    /// <summary>A foreign writer changed data of a table whose flow forbids it.</summary>
    public const string ForeignWrite = "FOREIGN_WRITE";

    /// <summary>A batch with a number comes before the one that precedes it (semantics 2.5).</summary>
    public const string BatchGap = "BATCH_GAP";

    /// <summary>A batch comes again under its number, but with other events (semantics 2.5).</summary>
    public const string BatchContentMismatch = "BATCH_CONTENT_MISMATCH";

    /// <summary>An SQL expression uses a function, type or syntax that this library does not know; the message names it.</summary>
    public const string ExpressionNotSupported = "EXPRESSION_NOT_SUPPORTED";

    /// <summary>An SQL expression is not valid: its syntax, a column that does not exist, or types that do not go together.</summary>
    public const string ExpressionInvalid = "EXPRESSION_INVALID";

    /// <summary>An SQL expression has no result for a row.</summary>
    public const string ExpressionFailed = "EXPRESSION_FAILED";

    /// <summary>Rows break a CHECK constraint or a column invariant of the table.</summary>
    public const string ConstraintViolation = "CONSTRAINT_VIOLATION";

    /// <summary>Given values of a generated column differ from what its expression gives.</summary>
    public const string GeneratedColumnMismatch = "GENERATED_COLUMN_MISMATCH";

    /// <summary>Values are given for an identity column that the table itself numbers.</summary>
    public const string IdentityValue = "IDENTITY_VALUE";

    /// <summary>There is a constraint of that name already.</summary>
    public const string ConstraintExists = "CONSTRAINT_EXISTS";

    /// <summary>There is no constraint of that name.</summary>
    public const string ConstraintNotFound = "CONSTRAINT_NOT_FOUND";

    /// <summary>Several source rows of a raw MERGE would change one row of the target (semantics 2.1).</summary>
    public const string MultipleSourceRowsMatched = "MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW";

    /// <summary>Several source rows of a raw MERGE would insert one key that was declared unique (semantics 2.1).</summary>
    public const string DuplicateInsertKey = "DUPLICATE_INSERT_KEY";

    /// <summary>An operation code that the flow does not know, or none (semantics 4).</summary>
    public const string UnknownOperation = "UNKNOWN_OPERATION";

    /// <summary>An event changes the key of a row without telling the whole row (semantics 2.32).</summary>
    public const string IncompleteKeyChange = "INCOMPLETE_KEY_CHANGE";

    /// <summary>Different events of one key have the same sequence, and the flow does not let a rule decide (semantics 2.0).</summary>
    public const string AmbiguousTie = "AMBIGUOUS_TIE";

    /// <summary>An event is older than the horizon, and what would decide about it is no longer known (semantics 2.4).</summary>
    public const string TooLate = "TOO_LATE";

    /// <summary>The periods of a key in a history overlap, are empty, or leave two rows open (semantics 2.40).</summary>
    public const string TimelineBroken = "TIMELINE_BROKEN";

    /// <summary>A snapshot of the source is older than one that was applied (semantics 2.19).</summary>
    public const string SnapshotVersionNotIncreasing = "SNAPSHOT_VERSION_NOT_INCREASING";

    /// <summary>A snapshot of the source has no rows, and nobody said that it may be so (semantics 2.19).</summary>
    public const string SnapshotEmpty = "SNAPSHOT_EMPTY";

    /// <summary>A snapshot of the source has a key more than once (semantics 2.19).</summary>
    public const string SnapshotDuplicateKey = "SNAPSHOT_DUPLICATE_KEY";

    /// <summary>Rows of a snapshot of the source lie outside of the scope it speaks for (semantics 2.19).</summary>
    public const string SnapshotOutOfScope = "SNAPSHOT_OUT_OF_SCOPE";

    /// <summary>Rows of a snapshot of the source have another sequence than its version (semantics 2.19).</summary>
    public const string SnapshotSequenceMismatch = "SNAPSHOT_SEQUENCE_MISMATCH";

    /// <summary>A snapshot of the source would delete more rows than the guard allows (semantics 2.19).</summary>
    public const string MassDeleteGuard = "MASS_DELETE_GUARD";
}
