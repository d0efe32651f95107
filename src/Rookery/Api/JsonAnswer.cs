using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rookery.Reading;

namespace Rookery.Api;

/// <summary>Writes what an endpoint answers. Each returns what a <see cref="Handler"/> returns, so it ends one.</summary>
internal static class JsonAnswer
{
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>Bytes of an id list that are gathered before they are sent.</summary>
    private const int FlushBytes = 16 * 1024;

    /// <summary>Nineteen digits, a sign that never comes, a comma.</summary>
    private const int MaxIdBytes = 21;

    /// <summary>Answers what a use case returned: its value as JSON, or its problem.</summary>
    public static Task<Problem?> AnswerAsync<T>(
        this HttpContext context,
        int status,
        Result<T> result,
        Action<Utf8JsonWriter, T> write
    ) =>
        result.Succeeded
            ? context.AnswerValueAsync(status, result.Value, write)
            : Task.FromResult<Problem?>(result.Problem);

    /// <summary>Answers one small JSON value with its length. <paramref name="write"/> writes all of it, braces too.</summary>
    public static async Task<Problem?> AnswerValueAsync<T>(
        this HttpContext context,
        int status,
        T value,
        Action<Utf8JsonWriter, T> write
    )
    {
        using var scratch = JsonScratch.Rent();
        write(scratch.Json, value);
        await SendAsync(context, status, ContentType, scratch.Finish());
        return null;
    }

    /// <summary>Answers <c>{}</c>, or the problem.</summary>
    public static Task<Problem?> AnswerEmptyAsync<T>(this HttpContext context, Result<T> result) =>
        context.AnswerAsync(
            StatusCodes.Status200OK,
            result,
            static (json, _) =>
            {
                json.WriteStartObject();
                json.WriteEndObject();
            }
        );

    /// <summary>
    /// Answers a page that was presented into its own output. Flushing is left to the connection, whose loop waits for slow readers anyway: an
    /// endpoint that waited too would put all its frames on the heap, for each page that is larger than the connection's buffer.
    /// </summary>
    public static async Task<Problem?> AnswerPageAsync(this HttpContext context, TimelinePage page)
    {
        var response = context.Response;
        response.ContentType = ContentType;
        response.ContentLength = page.Output.WrittenCount;
        await response.StartAsync(context.RequestAborted);
        Write(response.BodyWriter, page.Output.WrittenSpan);
        return null;
    }

    /// <summary>
    /// Answers <c>[3,5]</c> as the ids come, holding 16 kB of them. A failure before the first id becomes a problem;
    /// after it the connection is cut, so that half a list cannot be taken for a whole one.
    /// </summary>
    public static async Task<Problem?> AnswerIdsAsync(
        this HttpContext context,
        IAsyncEnumerable<AccountId> ids
    )
    {
        var token = context.RequestAborted;
        await using var all = ids.GetAsyncEnumerator(token);
        var more = await all.MoveNextAsync();
        context.Response.ContentType = ContentType;
        await context.Response.StartAsync(token);
        var pipe = context.Response.BodyWriter;
        Write(pipe, "["u8);
        for (var first = true; more; first = false, more = await all.MoveNextAsync())
        {
            WriteId(pipe, all.Current, first);
            if (pipe.UnflushedBytes >= FlushBytes)
            {
                await pipe.FlushAsync(token);
            }
        }

        Write(pipe, "]"u8);
        await pipe.FlushAsync(token);
        return null;
    }

    internal static async Task SendAsync(
        HttpContext context,
        int status,
        string contentType,
        ReadOnlyMemory<byte> body
    )
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    private static void Write(PipeWriter pipe, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(pipe.GetSpan(bytes.Length));
        pipe.Advance(bytes.Length);
    }

    private static void WriteId(PipeWriter pipe, AccountId id, bool first)
    {
        var span = pipe.GetSpan(MaxIdBytes);
        var comma = first ? 0 : 1;
        span[0] = (byte)',';
        Utf8Formatter.TryFormat(id.Value, span[comma..], out var length);
        pipe.Advance(comma + length);
    }
}
