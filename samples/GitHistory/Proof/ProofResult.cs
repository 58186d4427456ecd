namespace GitHistory.Proof;

/// <summary>One line of the result table.</summary>
/// <param name="Claim">What is claimed.</param>
/// <param name="IsOk">Whether it holds.</param>
/// <param name="Detail">The numbers behind it, or where it fails.</param>
internal sealed record ProofResult(string Claim, bool IsOk, string Detail);
