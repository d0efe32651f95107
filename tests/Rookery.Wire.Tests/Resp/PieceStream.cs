namespace Rookery.Wire.Tests.Resp;

/// <summary>Gives its bytes in pieces of the given sizes, and then the rest.</summary>
internal sealed class PieceStream(byte[] bytes, params IEnumerable<int> sizes) : Stream
{
    private readonly Queue<int> _sizes = new(sizes);
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => bytes.Length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    ) => ValueTask.FromResult(Read(buffer.Span));

    public override int Read(Span<byte> buffer)
    {
        var wanted = _sizes.TryDequeue(out var size) ? size : int.MaxValue;
        var given = Math.Min(Math.Min(wanted, buffer.Length), bytes.Length - _position);
        bytes.AsSpan(_position, given).CopyTo(buffer);
        _position += given;
        return given;
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();
}
