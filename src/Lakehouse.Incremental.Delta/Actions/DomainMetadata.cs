namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>The <c>domainMetadata</c> action: a named configuration text; a removed one suppresses the former.</summary>
internal sealed record DomainMetadata(string Domain, string Configuration, bool Removed = false) : DeltaAction;
