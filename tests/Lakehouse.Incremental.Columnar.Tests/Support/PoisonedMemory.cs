using System.Buffers;
using System.Runtime.InteropServices;
using Apache.Arrow;

namespace Lakehouse.Incremental.Columnar.Tests.Support;

/// <summary>Arrays in native memory that is overwritten when it is given back, so that a result that still points there shows.</summary>
internal sealed class PoisonedMemory : IDisposable
{
    private readonly List<NativeBlock> _blocks = [];

    public IArrowArray Move(IArrowArray source) => ArrowArrayFactory.BuildArray(Move(source.Data));

    public RecordBatch Move(RecordBatch source) => new(source.Schema, source.Arrays.Select(Move), source.Length);

    /// <summary>Overwrites the memory of all arrays. It stays allocated until the end of the process: a stale read is wrong, not a crash.</summary>
    public void Dispose()
    {
        _blocks.ForEach(block => block.GetSpan().Fill(0xCD));
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private ArrayData Move(ArrayData data) => new(
        data.DataType, data.Length, data.NullCount, data.Offset, [.. data.Buffers.Select(Move)], [.. (data.Children ?? []).Select(Move)]);

    private ArrowBuffer Move(ArrowBuffer buffer)
    {
        if (buffer.IsEmpty)
        {
            return ArrowBuffer.Empty;
        }

        NativeBlock block = new(buffer.Length);
        buffer.Span.CopyTo(block.GetSpan());
        _blocks.Add(block);
        return new ArrowBuffer(block.Memory);
    }

    private sealed unsafe class NativeBlock(int length) : MemoryManager<byte>
    {
        private readonly byte* _start = (byte*)NativeMemory.Alloc((nuint)length);

        public override Span<byte> GetSpan() => new(_start, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
