using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Rookery.Media;

/// <summary>
/// The name of a blob: 32 hexadecimal digits that nobody can guess, and what kind it is: <c>0f…9a.jpg</c>. There is no other way to make one, so none leaves
/// the folder or bucket that it is looked up in, whatever a URL says.
/// </summary>
[JsonConverter(typeof(BlobNameJson))]
public readonly record struct BlobName
{
    /// <summary>Where browsers fetch blobs: this and the name.</summary>
    public const string Path = "/media/";

    private const int RandomBytes = 16;

    private static readonly SearchValues<char> _digits = SearchValues.Create("0123456789abcdef");

    private const int MaxExtension = 8;

    private static readonly SearchValues<char> _letters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789"
    );

    private readonly string? _text;
    private readonly MediaKind? _kind;

    private BlobName(string text, MediaKind? kind)
    {
        _text = text;
        _kind = kind;
    }

    /// <exception cref="InvalidOperationException">The name was stored by a version of the program that knows kinds which this one does not.</exception>
    public MediaKind Kind =>
        _kind ?? throw new InvalidOperationException($"Nobody here knows of what kind {_text} is.");

    /// <summary>False also for what nobody here knows of what kind it is.</summary>
    public bool IsVideo => _kind?.IsVideo() == true;

    public static BlobName Draw(MediaKind kind) =>
        new(
            $"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))}.{kind.Extension()}",
            kind
        );

    /// <summary>The name that a URL or a row says; null where it is none, or of a kind that is not known here.</summary>
    public static BlobName? Parse(string? text) =>
        ParseStored(text) is { _kind: not null } name ? name : null;

    /// <summary>The name that a row says, of whatever kind: enough to remove the blob. Null where it is none.</summary>
    public static BlobName? ParseStored(string? text)
    {
        const int digits = 2 * RandomBytes;
        return
            text is { Length: > digits + 1 and <= digits + 1 + MaxExtension }
            && text[digits] == '.'
            && !text.AsSpan(0, digits).ContainsAnyExcept(_digits)
            && !text.AsSpan(digits + 1).ContainsAnyExcept(_letters)
            ? new BlobName(text, MediaKinds.OfExtension(text.AsSpan(digits + 1)))
            : null;
    }

    public override string ToString() =>
        _text ?? throw new InvalidOperationException("This is no blob's name.");
}
