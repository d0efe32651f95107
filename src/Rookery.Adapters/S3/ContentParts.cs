using System.Buffers;
using Rookery.Media;

namespace Rookery.Adapters.S3;

/// <summary>A content in parts that are held in memory, one at a time: a request that fails on the way can be sent again.</summary>
internal sealed class ContentParts(Stream content, long length, int partBytes) : IDisposable
{
    private readonly ExactContent _content = new(content, length);
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(
        (int)Math.Min(partBytes, Math.Max(1, length))
    );

    /// <summary>The next one, which is the content's last one where it is shorter than a part; empty when there is none.</summary>
    public async Task<MemoryStream> NextAsync(CancellationToken token)
    {
        // A rented buffer may be longer than was asked for.
        var most = Math.Min(partBytes, _buffer.Length);
        var filled = await _content.ReadAtLeastAsync(
            _buffer.AsMemory(0, most),
            most,
            throwOnEndOfStream: false,
            token
        );
        return new MemoryStream(_buffer, 0, filled, writable: false);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _content.Dispose();
    }
}
