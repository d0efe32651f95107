using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Rookery.Api;

/// <summary>A request's whole body in a pooled buffer, which <see cref="Dispose"/> gives back.</summary>
internal sealed class RequestBody : IDisposable
{
    // Grows with what arrives, not with what Content-Length promises: a promise costs its maker nothing.
    private const int FirstBytes = 4096;

    private readonly BodyLimit _limit;
    private byte[] _buffer = [];
    private int _length;

    private RequestBody(BodyLimit limit) => _limit = limit;

    public Memory<byte> Bytes => _buffer.AsMemory(0, _length);

    public static async ValueTask<Result<RequestBody>> ReadAsync(HttpRequest request)
    {
        var limit =
            request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()
            ?? BodyLimit.Largest;
        // A length that is announced and far too much is not waited for. One that is merely too much is read as far as it may be: it holds the name
        // of the field that makes it so.
        if (request.ContentLength > limit.MaxBytes && limit.MaxBytes >= BodyLimit.OfBackends)
        {
            return TooLarge(limit, field: null);
        }

        var body = new RequestBody(limit);
        try
        {
            if (await body.FillAsync(request) is not { } problem)
            {
                return body;
            }

            body.Dispose();
            return problem;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _limit.Budget?.GiveBack(_buffer.Length);
        }

        _buffer = [];
        _length = 0;
    }

    private async ValueTask<Problem?> FillAsync(HttpRequest request)
    {
        var token = request.HttpContext.RequestAborted;
        int read;
        do
        {
            if (_length == _buffer.Length && !TryGrow())
            {
                return Problem.Unavailable(
                    "Too many bodies are being read at this moment; try again shortly."
                );
            }

            read = await request.Body.ReadAsync(_buffer.AsMemory(_length), token);
            _length += read;
            if (_length > _limit.MaxBytes)
            {
                return TooLarge(_limit, UnendedField.Of(_buffer.AsSpan(0, _length)));
            }
        } while (read > 0);
        return null;
    }

    private bool TryGrow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBytes, _length * 2));
        if (_limit.Budget?.TryTake(larger.Length) == false)
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }

        _buffer.AsSpan().CopyTo(larger);
        var length = _length;
        Dispose();
        (_buffer, _length) = (larger, length);
        return true;
    }

    private static Problem TooLarge(BodyLimit limit, string? field) =>
        new(
            ProblemKind.TooLarge,
            $"{(field is null ? "The body is" : $"{field} makes the body")} too large; here it may have at most {limit.MaxBytes} bytes ({limit.MaxBytes / 1024} kB).",
            field
        );
}
