using System.Buffers;
using Lakehouse.Incremental.Delta.Actions;
using Lakehouse.Incremental.Delta.DataFiles;
using Lakehouse.Incremental.Delta.Storage;

namespace Lakehouse.Incremental.Delta.DeletionVectors;

/// <summary>
/// Loads the deletion vectors that the log names, and writes new ones: small ones into the log itself, the others packed into one file.
/// </summary>
internal sealed class DeletionVectorStore(FileLocator files, IdSource ids)
{
    /// <summary>Payloads up to this size go into the log.</summary>
    internal const int MaxInlineBytes = 512;

    private const string Relative = "u";
    private const string Inline = "i";
    private const string Absolute = "p";
    private const long CacheBytes = 64L << 20;

    // Offsets are 32-bit numbers; a file is closed long before they run out.
    private const int MaxFileBytes = 256 << 20;

    private readonly DeletionVectorCache _cache = new(CacheBytes);
    private readonly ITableStorage _storage = files.Table;

    /// <summary>The file a relative vector lies in; null for one that lies in the log.</summary>
    public static string? PathOf(DeletionVectorDescriptor descriptor) => string.Equals(descriptor.StorageType, Relative, StringComparison.Ordinal)
        ? DeletionVectorFile.PathOf(descriptor.PathOrInlineDv)
        : null;

    /// <summary>The vector a descriptor stands for; the empty one for none.</summary>
    /// <exception cref="CorruptTableException">Something does not fit (<see cref="ErrorCodes.CorruptFile"/>).</exception>
    /// <exception cref="LakehouseException">It lies outside of the table (<see cref="ErrorCodes.PathNotAllowed"/>).</exception>
    public async Task<DeletionVector> LoadAsync(DeletionVectorDescriptor? descriptor, CancellationToken cancellationToken)
    {
        if (descriptor is null)
        {
            return DeletionVector.Empty;
        }

        if (_cache.TryGet(descriptor.UniqueId, out DeletionVector cached))
        {
            return cached.Cardinality == descriptor.Cardinality ? cached : throw Corrupt(descriptor, "it has not as many rows as the log says");
        }

        if (descriptor.SizeInBytes < 0)
        {
            throw Corrupt(descriptor, "its size is negative");
        }

        DeletionVector vector = descriptor.StorageType switch
        {
            Inline => Parse(
                Z85.Decode(descriptor.PathOrInlineDv, descriptor.SizeInBytes) ?? throw Corrupt(descriptor, "its text is not Z85 or too short"),
                descriptor),
            Relative or Absolute => await ReadFileAsync(descriptor, cancellationToken).ConfigureAwait(false),
            _ => throw Corrupt(descriptor, $"its storage type '{descriptor.StorageType}' is not known"),
        };
        _cache.Add(descriptor.UniqueId, vector, descriptor.SizeInBytes);
        return vector;
    }

    /// <summary>Writes vectors durably and returns their descriptors in the same order. Nothing refers to them before a commit does.</summary>
    public async Task<IReadOnlyList<DeletionVectorDescriptor>> WriteAsync(IReadOnlyList<DeletionVector> vectors, CancellationToken cancellationToken)
    {
        DeletionVectorDescriptor[] descriptors = new DeletionVectorDescriptor[vectors.Count];
        ArrayBufferWriter<byte> file = new();
        Guid id = Guid.Empty;
        for (int i = 0; i < vectors.Count; i++)
        {
            byte[] payload = vectors[i].Serialize();
            if (payload.Length <= MaxInlineBytes)
            {
                descriptors[i] = new DeletionVectorDescriptor(Inline, Z85.Encode(payload), null, payload.Length, vectors[i].Cardinality);
                continue;
            }

            if (file.WrittenCount > 0 && (long)file.WrittenCount + payload.Length > MaxFileBytes)
            {
                await PutAsync(id, file, cancellationToken).ConfigureAwait(false);
                file.ResetWrittenCount();
            }

            id = file.WrittenCount == 0 ? ids.NewId() : id;
            int offset = DeletionVectorFile.Append(file, payload);
            descriptors[i] = new DeletionVectorDescriptor(
                Relative, Z85.Encode(id.ToByteArray(bigEndian: true)), offset, payload.Length, vectors[i].Cardinality);
        }

        if (file.WrittenCount > 0)
        {
            await PutAsync(id, file, cancellationToken).ConfigureAwait(false);
        }

        for (int i = 0; i < vectors.Count; i++)
        {
            _cache.Add(descriptors[i].UniqueId, vectors[i], descriptors[i].SizeInBytes);
        }

        return descriptors;
    }

    private async Task PutAsync(Guid id, ArrayBufferWriter<byte> file, CancellationToken cancellationToken)
    {
        string path = DeletionVectorFile.NameOf(id);
        if (!await _storage.PutIfAbsentAsync(path, file.WrittenMemory, cancellationToken).ConfigureAwait(false))
        {
            throw new LakehouseException(ErrorCodes.StorageFailure, $"The new file '{path}' is there already in '{_storage.Name}'.")
            {
                Table = _storage.Name,
            };
        }
    }

    private async Task<DeletionVector> ReadFileAsync(DeletionVectorDescriptor descriptor, CancellationToken cancellationToken)
    {
        (ITableStorage storage, string path) = string.Equals(descriptor.StorageType, Absolute, StringComparison.Ordinal)
            ? files.Locate(descriptor.PathOrInlineDv)
            : (_storage, DeletionVectorFile.PathOf(descriptor.PathOrInlineDv) ?? throw Corrupt(descriptor, "its name holds no Z85 identifier"));
        int offset = descriptor.Offset is null or 0 ? DeletionVectorFile.FirstOffset : descriptor.Offset.Value;
        long framed = (long)descriptor.SizeInBytes + DeletionVectorFile.Overhead;
        if (offset < DeletionVectorFile.FirstOffset || framed > Array.MaxLength)
        {
            throw Corrupt(descriptor, "its offset or size is out of range");
        }

        try
        {
            StoredFile file = await storage.StatAsync(path, cancellationToken).ConfigureAwait(false) ?? throw new FileNotFoundException(null, path);
            if (offset + framed > file.Size)
            {
                throw Corrupt(descriptor, "its file ends too early");
            }

            byte[] head = await storage.ReadRangeAsync(path, 0, 1, cancellationToken).ConfigureAwait(false);
            byte[] bytes = await storage.ReadRangeAsync(path, offset, (int)framed, cancellationToken).ConfigureAwait(false);
            if (head[0] != DeletionVectorFile.Version)
            {
                throw Corrupt(descriptor, "its file has an unknown version");
            }

            ReadOnlySpan<byte> payload = DeletionVectorFile.Payload(bytes, out string? wrong);
            return wrong is null ? Parse(payload, descriptor) : throw Corrupt(descriptor, wrong);
        }
        catch (FileNotFoundException error)
        {
            throw Corrupt(descriptor, $"the file '{path}' is missing", error);
        }
        catch (EndOfStreamException error)
        {
            throw Corrupt(descriptor, "its file ends too early", error);
        }
    }

    private DeletionVector Parse(ReadOnlySpan<byte> payload, DeletionVectorDescriptor descriptor)
    {
        DeletionVector vector;
        try
        {
            vector = DeletionVector.Parse(payload);
        }
        catch (CorruptTableException error)
        {
            throw Corrupt(descriptor, error.Message, error);
        }

        return vector.Cardinality == descriptor.Cardinality ? vector : throw Corrupt(descriptor, "it has not as many rows as the log says");
    }

    private CorruptTableException Corrupt(DeletionVectorDescriptor descriptor, string what, Exception? inner = null) =>
        new(ErrorCodes.CorruptFile, $"The deletion vector '{descriptor.UniqueId}' of '{_storage.Name}' is damaged: {what}.", inner)
        {
            Table = _storage.Name,
        };
}
