namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>The configuration of a flow, as the model sees it.</summary>
/// <param name="TwoKeys">Keys are (k1, k2), else k1.</param>
/// <param name="TwoSequences">The sequence is (s1, s2), else s1.</param>
/// <param name="TrackNameOnly">History is tracked on name, else on all data columns.</param>
public sealed record Rules(bool TwoKeys, bool TwoSequences, bool TrackNameOnly);
