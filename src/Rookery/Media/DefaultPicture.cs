using System.Security.Cryptography;

namespace Rookery.Media;

/// <summary>
/// A picture that is part of the program, for accounts that have none of their own. It is named by its content, so that its name is never another
/// picture's either.
/// </summary>
internal sealed class DefaultPicture
{
    public static readonly DefaultPicture Avatar = new("default-avatar.png");
    public static readonly DefaultPicture Header = new("default-header.png");

    private readonly byte[] _bytes;

    private DefaultPicture(string resource)
    {
        using var stream = typeof(DefaultPicture).Assembly.GetManifestResourceStream(
            $"Rookery.Media.{resource}"
        )!;
        _bytes = new byte[stream.Length];
        stream.ReadExactly(_bytes);
        Name = BlobName
            .Parse($"{Convert.ToHexStringLower(SHA256.HashData(_bytes))[..32]}.png")!
            .Value;
    }

    public BlobName Name { get; }

    /// <summary>Null where no picture of the program has the name.</summary>
    public static BlobPart? Open(BlobName name, BlobRange? range) =>
        name == Avatar.Name ? Avatar.Open(range)
        : name == Header.Name ? Header.Open(range)
        : null;

    private BlobPart Open(BlobRange? range)
    {
        var (offset, length) = range?.In(_bytes.Length) ?? (0, _bytes.Length);
        var content = new MemoryStream(_bytes, writable: false) { Position = offset };
        return new BlobPart(content, offset, length, _bytes.Length);
    }
}
