namespace GitHistory.Git;

/// <summary>Cuts a stream of bytes into tokens that each end with one separator byte; the bytes themselves are never interpreted.</summary>
internal sealed class TokenReader(Stream stream, byte separator)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>
    /// True when the stream ended without the separator of its last token: whoever wrote it was stopped. Such a token is not handed out, since half a
    /// path looks like a path.
    /// </summary>
    public bool IsCutOff { get; private set; }

    /// <summary>The next token, valid until the next call; null at the end of the stream.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        int searched = _start;
        while (true)
        {
            int found = _buffer.AsSpan(searched, _end - searched).IndexOf(separator);
            if (found >= 0)
            {
                ReadOnlyMemory<byte> token = _buffer.AsMemory(_start, searched + found - _start);
                _start = searched + found + 1;
                return token;
            }

            if (_ended)
            {
                IsCutOff = _end > _start;
                return null;
            }

            int held = _end - _start;
            MakeRoom();
            searched = _start + held;
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _end += read;
            _ended = read == 0;
        }
    }

    private void MakeRoom()
    {
        int held = _end - _start;
        byte[] target = held > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        Buffer.BlockCopy(_buffer, _start, target, 0, held);
        _buffer = target;
        _start = 0;
        _end = held;
    }
}
