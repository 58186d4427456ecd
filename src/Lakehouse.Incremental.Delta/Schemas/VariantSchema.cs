using Apache.Arrow;
using Apache.Arrow.Types;

namespace Lakehouse.Incremental.Delta.Schemas;

/// <summary>
/// A variant as it is stored: a struct of two binaries, in the field that Arrow's extension type for variants marks. Its content is not interpreted.
/// </summary>
internal static class VariantSchema
{
    private const string ExtensionKey = "ARROW:extension:name";
    private const string ExtensionName = "arrow.parquet.variant";

    /// <summary>A third field of the stored struct: the value is spread over columns of its own (feature variantShredding).</summary>
    public const string TypedValue = "typed_value";

    public static readonly Apache.Arrow.Types.StructType Storage =
        new([new Field("metadata", BinaryType.Default, nullable: false), new Field("value", BinaryType.Default, nullable: false)]);

    public static readonly IReadOnlyDictionary<string, string> Mark = new Dictionary<string, string> { [ExtensionKey] = ExtensionName };

    public static bool Marks(Field field) =>
        field.Metadata is { } metadata && metadata.TryGetValue(ExtensionKey, out string? name)
        && string.Equals(name, ExtensionName, StringComparison.Ordinal);
}
