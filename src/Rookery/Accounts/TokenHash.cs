using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Rookery.Accounts;

/// <summary>The SHA-256 of a token. The token is random, so the hash needs neither salt nor rounds.</summary>
public readonly record struct TokenHash
{
    private readonly UInt128 _upper;
    private readonly UInt128 _lower;

    public TokenHash(ReadOnlySpan<byte> digest)
    {
        _upper = BinaryPrimitives.ReadUInt128BigEndian(digest);
        _lower = BinaryPrimitives.ReadUInt128BigEndian(digest[16..]);
    }

    /// <summary>False for what cannot be a token: it is neither hashed nor looked up.</summary>
    public static bool TryOf(ReadOnlySpan<char> token, out TokenHash hash)
    {
        hash = default;
        Span<byte> text = stackalloc byte[AuthToken.Length];
        if (
            token.Length != AuthToken.Length
            || Encoding.ASCII.GetBytes(token, text) != text.Length
            || !Ascii.IsValid(token)
        )
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, digest);
        hash = new TokenHash(digest);
        return true;
    }

    /// <summary>What <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryRead(ReadOnlySpan<char> name, out TokenHash hash)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        var isOne =
            name.Length == Base64Url.GetEncodedLength(digest.Length)
            && Base64Url.TryDecodeFromChars(name, digest, out var length)
            && length == digest.Length;
        hash = isOne ? new TokenHash(digest) : default;
        return isOne;
    }

    public override string ToString() => Base64Url.EncodeToString(ToArray());

    public byte[] ToArray()
    {
        var digest = new byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(digest, _upper);
        BinaryPrimitives.WriteUInt128BigEndian(digest.AsSpan(16), _lower);
        return digest;
    }

    public override int GetHashCode() => (int)_lower;
}
