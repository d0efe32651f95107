using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rookery.Api;

/// <summary>
/// A JSON writer with its buffer, kept per thread between uses: an answer is complete, and its length known, before its
/// first byte is sent, and a writer that throws half way has sent nothing.
/// </summary>
internal sealed class JsonScratch : IDisposable
{
    /// <summary>A buffer that one huge answer made larger than this is not kept.</summary>
    private const int MaxKeptBytes = 64 * 1024;

    // Answers are never put inside a page's markup, so only what JSON itself asks for is escaped.
    private static readonly JsonWriterOptions _options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [ThreadStatic]
    private static JsonScratch? _idle;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    private JsonScratch() => Json = new(_buffer, _options);

    public Utf8JsonWriter Json { get; }

    public static JsonScratch Rent()
    {
        var scratch = _idle ?? new JsonScratch();
        _idle = null;
        return scratch;
    }

    public ReadOnlyMemory<byte> Finish()
    {
        Json.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose()
    {
        if (_buffer.Capacity <= MaxKeptBytes)
        {
            _buffer.ResetWrittenCount();
            Json.Reset(_buffer);
            _idle = this;
        }
        else
        {
            Json.Dispose();
        }
    }
}
