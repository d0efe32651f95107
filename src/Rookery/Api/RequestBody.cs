using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Rookery.Api;

/// <summary>A request's whole body in a pooled buffer, which <see cref="Dispose"/> gives back.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>
    /// Large enough that a text of a million characters, each escaped as six bytes, is still read and its field named as too long.
    /// </summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    // Grows with what arrives, not with what Content-Length promises: a promise costs its maker nothing.
    private const int FirstBytes = 4096;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _length;

    private RequestBody() { }

    public Memory<byte> Bytes => _buffer.AsMemory(0, _length);

    public static async ValueTask<Result<RequestBody>> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxBytes)
        {
            return TooLarge();
        }

        var body = new RequestBody();
        try
        {
            while (await body.ReadSomeAsync(request))
            {
                if (body._length > MaxBytes)
                {
                    body.Dispose();
                    return TooLarge();
                }
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }

        return body;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private async ValueTask<bool> ReadSomeAsync(HttpRequest request)
    {
        if (_length == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_length * 2);
            _buffer.AsSpan().CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var token = request.HttpContext.RequestAborted;
        var read = await request.Body.ReadAsync(_buffer.AsMemory(_length), token);
        _length += read;
        return read > 0;
    }

    private static Problem TooLarge() =>
        new(
            ProblemKind.TooLarge,
            $"The body is too large; it may have at most {MaxBytes} bytes ({MaxBytes / 1024 / 1024} MB)."
        );
}
