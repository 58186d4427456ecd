namespace Lakehouse.Incremental.Laws.Tests.Model;

/// <summary>Types of the model's columns, each with the .NET type of its values.</summary>
internal enum ColumnType
{
    /// <summary>string.</summary>
    Text,

    /// <summary>long.</summary>
    Long,

    /// <summary>int.</summary>
    Integer,

    /// <summary>short.</summary>
    Short,

    /// <summary>double.</summary>
    Double,

    /// <summary>float.</summary>
    Float,

    /// <summary>decimal, published as decimal(38, 10).</summary>
    Decimal,

    /// <summary>DateOnly.</summary>
    Date,

    /// <summary>DateTimeOffset in UTC, whole microseconds.</summary>
    Timestamp,

    /// <summary>DateTime without zone, whole microseconds.</summary>
    LocalTimestamp,

    /// <summary>bool.</summary>
    Boolean,

    /// <summary>byte[].</summary>
    Binary,
}
