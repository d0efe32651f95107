using System.Buffers;
using System.Security.Cryptography;

namespace Rookery.Media;

/// <summary>
/// The name of a blob: 32 hexadecimal digits that nobody can guess, and what kind it is: <c>0f…9a.jpg</c>. There is no other way to make one, so none leaves
/// the folder or bucket that it is looked up in, whatever a URL says.
/// </summary>
public readonly record struct BlobName
{
    private const int RandomBytes = 16;

    private static readonly SearchValues<char> _digits = SearchValues.Create("0123456789abcdef");

    private readonly string? _text;

    private BlobName(string text, MediaKind kind)
    {
        _text = text;
        Kind = kind;
    }

    public MediaKind Kind { get; }

    public static BlobName Draw(MediaKind kind) =>
        new(
            $"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))}.{kind.Extension()}",
            kind
        );

    /// <summary>The name that a URL or a row says; null where it is none.</summary>
    public static BlobName? Parse(string? text)
    {
        const int digits = 2 * RandomBytes;
        return
            text is { Length: > digits + 1 }
            && text[digits] == '.'
            && !text.AsSpan(0, digits).ContainsAnyExcept(_digits)
            && MediaKinds.OfExtension(text.AsSpan(digits + 1)) is { } kind
            ? new BlobName(text, kind)
            : null;
    }

    public override string ToString() =>
        _text ?? throw new InvalidOperationException("This is no blob's name.");
}
