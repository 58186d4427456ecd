namespace Lakehouse.Incremental.Conformance.Tests.Golden.Set;

/// <summary>Which tables of the set a test is about.</summary>
public enum GoldenPart
{
    /// <summary>Everything that can be opened.</summary>
    Readable,

    /// <summary>Everything whose rows can be read and are told by the set.</summary>
    Rows,

    /// <summary>Tables with an independent dump of their rows.</summary>
    Derived,

    /// <summary>Tables that may record change data.</summary>
    Changes,

    /// <summary>Tables that must be refused.</summary>
    Errors,

    /// <summary>Tables that can be read but some writes of which must be refused.</summary>
    WriteErrors,

    /// <summary>Tables with rows of which no refusal is told.</summary>
    Writable,
}
