namespace Lakehouse.Incremental.Delta.Actions;

/// <summary>Where the deletion vector of a file lies (protocol notes, section 9).</summary>
/// <param name="StorageType"><c>u</c> relative file, <c>i</c> inline, <c>p</c> absolute path.</param>
/// <param name="PathOrInlineDv">Prefix and Z85 UUID, Z85 bytes, or absolute URI.</param>
/// <param name="Offset">Byte offset in the file; absent for inline vectors.</param>
/// <param name="SizeInBytes">Serialised size with magic, without length and checksum.</param>
/// <param name="Cardinality">Number of deleted rows.</param>
internal sealed record DeletionVectorDescriptor(string StorageType, string PathOrInlineDv, int? Offset, int SizeInBytes, long Cardinality)
{
    /// <summary>The protocol's derived <c>dvUniqueId</c>: half of the key of a logical file.</summary>
    public string UniqueId => Offset is { } offset
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{StorageType}{PathOrInlineDv}@{offset}")
        : StorageType + PathOrInlineDv;
}
