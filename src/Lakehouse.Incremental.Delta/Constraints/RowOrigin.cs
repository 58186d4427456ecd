namespace Lakehouse.Incremental.Delta.Constraints;

/// <summary>Where rows that are written come from: it decides what is left to check.</summary>
internal enum RowOrigin
{
    /// <summary>Rows with values for all columns. All rules are checked, and values for columns that the table numbers itself are refused.</summary>
    Given,

    /// <summary>Rows whose missing columns the table filled. All rules are checked.</summary>
    Completed,

    /// <summary>Rows of the table on their way to another file: they were checked when they came.</summary>
    Table,
}
