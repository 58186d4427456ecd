using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>Which level a transaction is checked at (protocol notes, section 16).</summary>
internal static class IsolationLevels
{
    public const string Key = "delta.isolationLevel";

    // Operations that change rows by their nature, whatever their actions say.
    private static readonly HashSet<string> Changing = new(
        [
            "WRITE", "STREAMING UPDATE", "DELETE", "TRUNCATE", "MERGE", "UPDATE", "RESTORE", "CLONE", "CONVERT", "COPY INTO", "AGGREGATE",
            "CREATE TABLE AS SELECT", "REPLACE TABLE AS SELECT", "CREATE OR REPLACE TABLE AS SELECT",
        ],
        StringComparer.Ordinal);

    /// <summary>The level a table asks for; that of Delta when it does not say.</summary>
    /// <exception cref="LakehouseException">The property has another value (<see cref="ErrorCodes.InvalidConfiguration"/>).</exception>
    public static IsolationLevel Of(TableProperties properties) => properties.Text(Key) switch
    {
        null => IsolationLevel.WriteSerializable,
        { } text when Same(text, IsolationLevel.Serializable) => IsolationLevel.Serializable,
        { } text when Same(text, IsolationLevel.WriteSerializable) => IsolationLevel.WriteSerializable,
        { } text => throw new LakehouseException(
            ErrorCodes.InvalidConfiguration, $"The table property '{Key}' is '{text}', which is not Serializable or WriteSerializable."),
    };

    /// <summary>
    /// The level a plan is committed at. One that does not say what it read is derived again after every other commit, which makes it serialisable;
    /// one that only rearranges rows needs no more than the snapshot it read.
    /// </summary>
    /// <inheritdoc cref="Of(TableProperties)" path="/exception"/>
    public static IsolationLevel For(CommitPlan plan, Snapshot snapshot)
    {
        IsolationLevel level = Of(snapshot.TableProperties);
        return plan.Reads.Kind == ReadKind.Everything ? IsolationLevel.Serializable
            : OnlyRearranges(plan, level) ? IsolationLevel.SnapshotIsolation
            : level;
    }

    private static bool OnlyRearranges(CommitPlan plan, IsolationLevel level)
    {
        bool rearranges = plan.Actions.All(static action => action
            is AddFile { DataChange: false }
            or RemoveFile { DataChange: false }
            or DomainMetadata { Domain: ConflictChecker.RowTrackingDomain }
            or CommitInfo);
        return rearranges && (level == IsolationLevel.Serializable || !Changing.Contains(plan.Info.Operation ?? ""));
    }

    private static bool Same(string text, IsolationLevel level) => string.Equals(text, level.ToString(), StringComparison.OrdinalIgnoreCase);
}
