using Lakehouse.Incremental.Delta;

namespace Lakehouse.Incremental.Merging;

/// <summary>
/// What happens to a pair of different events of one key at one sequence (semantics 2.0). To set one of them apart is not offered: which one it would be
/// depends on which came first, and the table would, too.
/// </summary>
public enum AmbiguousTie
{
    /// <summary>Rule ORDER decides: a delete stands before an upsert, then the greater digest wins. The pair is counted in the result.</summary>
    Resolve,

    /// <summary>
    /// The batch fails with <see cref="ErrorCodes.AmbiguousTie"/> before anything is written. A late pair of which one event was overtaken, and is no
    /// longer known, changes nothing and is not seen.
    /// </summary>
    Fail,
}
