namespace Rookery.Media;

/// <summary>
/// Hands a stream on and sees to it that it has as many bytes as was said: one that has fewer or more fails before its last byte is handed over, so
/// that nobody stores it as whole.
/// </summary>
internal sealed class ExactContent(Stream inner, long length) : Stream
{
    private readonly byte[] _one = new byte[1];
    private readonly long _length = length;
    private long _left = length;
    private bool _isEnded;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _length - _left;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        if (buffer.Length == 0)
        {
            return 0;
        }

        if (_left <= 1)
        {
            return await EndAsync(buffer, cancellationToken);
        }

        var most = (int)Math.Min(buffer.Length, _left - 1);
        var read = await inner.ReadAsync(buffer[..most], cancellationToken);
        _left -= read > 0 ? read : throw Wrong("fewer");
        return read;
    }

    public override Task<int> ReadAsync(
        byte[] buffer,
        int offset,
        int count,
        CancellationToken cancellationToken
    ) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    /// <summary>The last byte, where there is one, is handed over when it is known that nothing follows it.</summary>
    private async ValueTask<int> EndAsync(Memory<byte> buffer, CancellationToken token)
    {
        if (_isEnded)
        {
            return 0;
        }

        var last = (int)_left;
        if (last == 1 && await inner.ReadAsync(buffer[..1], token) == 0)
        {
            throw Wrong("fewer");
        }

        if (await inner.ReadAsync(_one, token) > 0)
        {
            throw Wrong("more");
        }

        (_left, _isEnded) = (0, true);
        return last;
    }

    private InvalidDataException Wrong(string than) =>
        new($"The content has {than} than the {_length} bytes that were said.");
}
