namespace Lakehouse.Incremental.Explain;

/// <summary>What became of an event, due to which other, by which rule.</summary>
internal readonly record struct EventFate(EventStatus Status, KeyEvent? By, string Rule);
