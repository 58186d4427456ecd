using System.Text;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DeletionVectors;
using Lakehouse.Incremental.Delta.Transactions;

namespace Lakehouse.Incremental.Delta.Tests.Transactions;

/// <summary>
/// Every operation against every other, under both isolation levels, compared with the written matrix (protocol notes, section 16).
/// </summary>
/// <remarks>
/// Files A and B lie in day=1, C in day=2. A row is the transaction that lost the race, a column the commit that won it:
/// <code>
/// ab1 ab2  blind append to day 1, day 2          cAB cCC  compaction of A and B, of C, that keeps the order of rows
/// fo1      append to day 1, does not say "blind" sAB      the same, sorted: nobody knows where the rows went
/// at1 ap1  append after reading table, day 1     reC      restore: gives a deleted row of C back
/// ovw      overwrite of all rows                 stA      new statistics of A
/// dp1 dp2  delete of all of day 1, day 2         met con  property of consequence; constraint, after reading the table
/// da1 da2  delete of row 1, row 2 of A by vector idm      mark of an identity column only
/// dc1      delete of row 1 of C by vector        ict rto  in-commit timestamps, row tracking turned on
/// dAA      delete of all rows of A, not of B     pfe pch  protocol gets a feature that binds nobody, that binds writers
/// wA1      delete of a row of A by rewriting A   txx txy  transaction of application x, y
/// ua3      update of row 3 of A: vector and file dox doy dor  metadata of domain x, y, delta.rowTracking
///                                                und nop  a merge that does not say what it read; a commit without actions
/// </code>
/// Verdicts: . no conflict, r rebase of rows, P protocol, M metadata, D domain, T transaction, A append, R delete of what was read, X delete of
/// what was deleted. Beyond open-source Delta: the r, and the dots where rows of A were deleted that nobody touched (da2 against da1 would be X
/// there).
/// </remarks>
public class ConflictMatrixTests
{
    private const string Serializable =
        """
            a a f a a o d d d d d d w u c s c r s m i i r c p p t t d d d u n
            b b o t p v p p a a c A A a A A C e t e d c t o f c x x o o o n o
            1 2 1 1 1 w 1 2 1 2 1 A 1 3 B B C C A t m t o n e h x y x y r d p
        ab1 . . . . . . . . . . . . . . . . . . . M . . . M . P . . . . . . .
        ab2 . . . . . . . . . . . . . . . . . . . M . . . M . P . . . . . . .
        fo1 . . . . . . . . . . . . . . . . . . . M . . . M . P . . . . . . .
        at1 A A A A A A R R R R R R A A R R R A . M . . . M . P . . . . . A .
        ap1 A . A A A A R . R R . R A A R R . . . M . . . M . P . . . . . A .
        ovw A A A A A A R R R R R R A A R R R A . M . . M M . P . . . . . A .
        dp1 A . A A A A R . X X . R A A R R . . . M . . . M . P . . . . . A .
        dp2 . A . . . R . R . . X . . . . . R A . M . . . M . P . . . . . . .
        da1 A . A A A A R . X r . R A A R R . . r M . . . M . P . . . . . A .
        da2 A . A A A A R . r X . R A A R R . . r M . . . M . P . . . . . A .
        dc1 . A . . . R . R . . X . . . . . R A . M . . . M . P . . . . . . .
        dAA A . A A A A R . X X . R A A R R . . . M . . . M . P . . . . . A .
        wA1 A . A A A A R . X X . R A A R R . . . M . . M M . P . . . . . A .
        ua3 A . A A A A R . r r . R A A R R . . r M . . M M . P . . . . . A .
        cAB . . . . . R R . r r . R R r R R . . . M . . M M . P . . . . . r .
        sAB . . . . . R R . X X . R R X R R . . . M . . M M . P . . . . . X .
        cCC . . . . . R . R . . r . . . . . R R . M . . M M . P . . . . . . .
        reC A A A A A A R R R R R R A A R R R A . M . . M M . P . . . . . A .
        stA . . . . . R R . R R . R R R R R . . . M . . . M . P . . . . . R .
        met . . . . . . . . . . . . . . . . . . . M M M M M . P . . . . . . .
        idm . . . . . . . . . . . . . . . . . . . M M M M M . P . . . . . . .
        ict . . . . . . . . . . . . . . . . . . . M M M M M . P . . . . . . .
        rto . . . . . . . . . . . . . . . . . . . M M M M M . P . . . . . . .
        con A A A A A A R R R R R R A A R R R A . M M M M M . P . . . . . A .
        pfe . . . . . . . . . . . . . . . . . . . M . . . M P P . . . . . . .
        pch . . . . . . . . . . . . . . . . . . . M . . . M P P . . . . . . .
        txx . . . . . . . . . . . . . . . . . . . M . . . M . P T . . . . . .
        txy . . . . . . . . . . . . . . . . . . . M . . . M . P . T . . . . .
        dox . . . . . . . . . . . . . . . . . . . M . . . M . P . . D . . . .
        doy . . . . . . . . . . . . . . . . . . . M . . . M . P . . . D . . .
        dor . . . . . . . . . . . . . . . . . . . M . . . M . P . . . . . . .
        und A A A A A R R R R R R R R R R R R R A M M M M M P P T T D D D R .
        nop . . . . . . . . . . . . . . . . . . . M . . . M . P . . . . . . .
        """;

    // Other than above: a blind append (ab1, ab2) as the winner is no conflict, unless the loser changes metadata (con).
    private const string WriteSerializable =
        """
            a a f a a o d d d d d d w u c s c r s m i i r c p p t t d d d u n
            b b o t p v p p a a c A A a A A C e t e d c t o f c x x o o o n o
            1 2 1 1 1 w 1 2 1 2 1 A 1 3 B B C C A t m t o n e h x y x y r d p
        ab1 . . . . . . . . . . . . . . . . . . . M . . . M . P . . . . . . .
        ab2 . . . . . . . . . . . . . . . . . . . M . . . M . P . . . . . . .
        fo1 . . . . . . . . . . . . . . . . . . . M . . . M . P . . . . . . .
        at1 . . A A A A R R R R R R A A R R R A . M . . . M . P . . . . . A .
        ap1 . . A A A A R . R R . R A A R R . . . M . . . M . P . . . . . A .
        ovw . . A A A A R R R R R R A A R R R A . M . . M M . P . . . . . A .
        dp1 . . A A A A R . X X . R A A R R . . . M . . . M . P . . . . . A .
        dp2 . . . . . R . R . . X . . . . . R A . M . . . M . P . . . . . . .
        da1 . . A A A A R . X r . R A A R R . . r M . . . M . P . . . . . A .
        da2 . . A A A A R . r X . R A A R R . . r M . . . M . P . . . . . A .
        dc1 . . . . . R . R . . X . . . . . R A . M . . . M . P . . . . . . .
        dAA . . A A A A R . X X . R A A R R . . . M . . . M . P . . . . . A .
        wA1 . . A A A A R . X X . R A A R R . . . M . . M M . P . . . . . A .
        ua3 . . A A A A R . r r . R A A R R . . r M . . M M . P . . . . . A .
        cAB . . . . . R R . r r . R R r R R . . . M . . M M . P . . . . . r .
        sAB . . . . . R R . X X . R R X R R . . . M . . M M . P . . . . . X .
        cCC . . . . . R . R . . r . . . . . R R . M . . M M . P . . . . . . .
        reC . . A A A A R R R R R R A A R R R A . M . . M M . P . . . . . A .
        stA . . . . . R R . R R . R R R R R . . . M . . . M . P . . . . . R .
        met . . . . . . . . . . . . . . . . . . . M M M M M . P . . . . . . .
        idm . . . . . . . . . . . . . . . . . . . M M M M M . P . . . . . . .
        ict . . . . . . . . . . . . . . . . . . . M M M M M . P . . . . . . .
        rto . . . . . . . . . . . . . . . . . . . M M M M M . P . . . . . . .
        con A A A A A A R R R R R R A A R R R A . M M M M M . P . . . . . A .
        pfe . . . . . . . . . . . . . . . . . . . M . . . M P P . . . . . . .
        pch . . . . . . . . . . . . . . . . . . . M . . . M P P . . . . . . .
        txx . . . . . . . . . . . . . . . . . . . M . . . M . P T . . . . . .
        txy . . . . . . . . . . . . . . . . . . . M . . . M . P . T . . . . .
        dox . . . . . . . . . . . . . . . . . . . M . . . M . P . . D . . . .
        doy . . . . . . . . . . . . . . . . . . . M . . . M . P . . . D . . .
        dor . . . . . . . . . . . . . . . . . . . M . . . M . P . . . . . . .
        und A A A A A R R R R R R R R R R R R R A M M M M M P P T T D D D R .
        nop . . . . . . . . . . . . . . . . . . . M . . . M . P . . . . . . .
        """;

    private static readonly string[] Inserts = ["ab1", "ab2"];
    private static readonly string[] ReadingInserts = ["at1", "ap1"];
    private static readonly string[] Changes = ["ovw", "dp1", "dp2", "da1", "da2", "dc1", "dAA", "wA1", "ua3"];
    private static readonly string[] Compactions = ["cAB", "sAB", "cCC"];

    [Theory]
    [InlineData("Serializable", Serializable)]
    [InlineData("WriteSerializable", WriteSerializable)]
    public async Task Every_pair_of_operations_gets_the_verdict_of_the_matrix(string level, string matrix)
    {
        MatrixTable table = await MatrixTable.CreateAsync(level);
        IReadOnlyList<MatrixOperation> operations = await MatrixOperation.AllAsync(table);
        StringBuilder found = new();
        for (int line = 0; line < 3; line++)
        {
            found.Append("    ").AppendJoin(' ', operations.Select(o => o.Name[line])).Append('\n');
        }

        foreach (MatrixOperation ours in operations)
        {
            found.Append(ours.Name);
            foreach (MatrixOperation winner in operations)
            {
                found.Append(' ').Append(Letter(await CheckAsync(table, ours.Plan, winner.Plan)));
            }

            found.Append('\n');
        }

        found.ToString().TrimEnd('\n').Split('\n').Should().Equal(matrix.Split('\n'));
    }

    /// <summary>The matrix of Delta's documentation: which kinds of operations never conflict, and which can.</summary>
    [Fact]
    public void The_matrix_keeps_what_the_documentation_of_Delta_promises()
    {
        foreach (string matrix in (string[])[Serializable, WriteSerializable])
        {
            bool serializable = ReferenceEquals(matrix, Serializable);
            Can(matrix, Inserts, Inserts).Should().BeFalse();
            Can(matrix, Inserts, Changes).Should().BeFalse();
            Can(matrix, Changes, Inserts).Should().Be(serializable);
            Can(matrix, ReadingInserts, Inserts).Should().Be(serializable);
            Can(matrix, ReadingInserts, Changes).Should().BeTrue();
            Can(matrix, Changes, ReadingInserts).Should().BeTrue();
            Can(matrix, Changes, Changes).Should().BeTrue();
            Can(matrix, Compactions, [.. Inserts, .. ReadingInserts]).Should().BeFalse();
            Can(matrix, Inserts, Compactions).Should().BeFalse();
            Can(matrix, Compactions, Changes).Should().BeTrue();
            Can(matrix, Changes, Compactions).Should().BeTrue();
            Can(matrix, Compactions, Compactions).Should().BeTrue();
        }
    }

    internal static async Task<VerdictKind> CheckAsync(MatrixTable table, CommitPlan ours, CommitPlan winner)
    {
        TransactionScope scope = TransactionScope.Of(ours, table.Snapshot, await MarksAsync(table, ours));
        CommitInfo info = winner.Info with { IsBlindAppend = winner.BlindAppend };
        WinningCommit commit = WinningCommit.Of(2, [info, .. winner.Actions], await MarksAsync(table, winner));
        return ConflictChecker.Check(scope, commit, IsolationLevels.For(ours, table.Snapshot)).Kind;
    }

    private static Task<IReadOnlyDictionary<string, DeletionVector>> MarksAsync(MatrixTable table, CommitPlan plan) =>
        MarkedRows.ReadAsync(table.Store, plan.Actions, static _ => true, default);

    private static bool Can(string matrix, string[] losers, string[] winners)
    {
        string[] rows = matrix.Split('\n');
        string[] names = [.. rows[3..].Select(static row => row[..3])];
        return losers.Any(loser => winners.Any(winner =>
            rows[3 + Array.IndexOf(names, loser)][4 + (2 * Array.IndexOf(names, winner))] is not ('.' or 'r')));
    }

    private static char Letter(VerdictKind kind) => kind switch
    {
        VerdictKind.NoConflict => '.',
        VerdictKind.RebaseRows => 'r',
        VerdictKind.ProtocolChanged => 'P',
        VerdictKind.MetadataChanged => 'M',
        VerdictKind.ConcurrentDomain => 'D',
        VerdictKind.ConcurrentTransaction => 'T',
        VerdictKind.ConcurrentAppend => 'A',
        VerdictKind.ConcurrentDeleteRead => 'R',
        VerdictKind.ConcurrentDeleteDelete => 'X',
        _ => '?',
    };
}
