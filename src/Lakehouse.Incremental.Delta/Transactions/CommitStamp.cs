using System.Reflection;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.Snapshots;

namespace Lakehouse.Incremental.Delta.Transactions;

/// <summary>Fills in the parts of <c>commitInfo</c> that do not depend on the operation.</summary>
internal static class CommitStamp
{
    private static readonly string Engine = "Lakehouse.Incremental/" + ProductVersion();

    /// <param name="info">Operation, parameters and so on.</param>
    /// <param name="read">The version before the commit; null for the first one.</param>
    /// <param name="ownTimestamps">Whether the table, as of the commit, has in-commit timestamps.</param>
    /// <param name="blindAppend">Whether the commit only adds rows without having read the table.</param>
    /// <param name="txnId">Unique for the transaction; the same for all its attempts, of which at most one stands.</param>
    /// <param name="time">The clock.</param>
    /// <param name="level">The level the transaction is checked at. The first commit of a table has nobody to be checked against.</param>
    public static CommitInfo Fill(
        CommitInfo info,
        Snapshot? read,
        bool ownTimestamps,
        bool blindAppend,
        string txnId,
        TimeProvider time,
        IsolationLevel level = IsolationLevel.Serializable)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        long inCommit = read is null ? now : Math.Max(now, read.Timestamp + 1);
        return info with
        {
            Timestamp = now,
            InCommitTimestamp = ownTimestamps ? inCommit : null,
            ReadVersion = read?.Version,
            IsolationLevel = level.ToString(),
            IsBlindAppend = blindAppend,
            EngineInfo = Engine,
            TxnId = txnId,
        };
    }

    private static string ProductVersion()
    {
        string version = typeof(CommitStamp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        int build = version.IndexOf('+', StringComparison.Ordinal);
        return build < 0 ? version : version[..build];
    }
}
