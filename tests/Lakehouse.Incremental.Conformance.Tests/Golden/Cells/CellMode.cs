namespace Lakehouse.Incremental.Conformance.Tests.Golden.Cells;

/// <summary>How much of a value a print keeps.</summary>
internal enum CellMode
{
    /// <summary>Everything; binary is printed as characters and <c>\x00</c> escapes.</summary>
    Exact,

    /// <summary>A printed table: a null looks like an empty text, trailing blanks are lost, and binary is printed as hexadecimal digits.</summary>
    Printed,
}
