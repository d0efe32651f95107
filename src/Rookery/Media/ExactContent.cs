namespace Rookery.Media;

/// <summary>
/// Hands a stream on and sees to it that it has as many bytes as was said: one that has fewer or more fails before its last byte is handed over, so
/// that nobody stores it as whole.
/// </summary>
internal sealed class ExactContent(Stream inner, long length) : ForwardStream(length)
{
    private readonly byte[] _one = new byte[1];
    private bool _isEnded;

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        if (buffer.Length == 0)
        {
            return 0;
        }

        if (Left <= 1)
        {
            return await EndAsync(buffer, cancellationToken);
        }

        var most = (int)Math.Min(buffer.Length, Left - 1);
        var read = await inner.ReadAsync(buffer[..most], cancellationToken);
        Left -= read > 0 ? read : throw Wrong("fewer");
        return read;
    }

    /// <summary>The last byte, where there is one, is handed over when it is known that nothing follows it.</summary>
    private async ValueTask<int> EndAsync(Memory<byte> buffer, CancellationToken token)
    {
        if (_isEnded)
        {
            return 0;
        }

        var last = (int)Left;
        if (last == 1 && await inner.ReadAsync(buffer[..1], token) == 0)
        {
            throw Wrong("fewer");
        }

        if (await inner.ReadAsync(_one, token) > 0)
        {
            throw Wrong("more");
        }

        (Left, _isEnded) = (0, true);
        return last;
    }

    private InvalidDataException Wrong(string than) =>
        new($"The content has {than} than the {Length} bytes that were said.");
}
