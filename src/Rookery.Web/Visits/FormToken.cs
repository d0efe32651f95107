using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Rookery.Web.Visits;

/// <summary>
/// Proves that a form was made by this site for this browser: a keyed hash whose key is a secret that only the browser's cookie holds. Nothing is stored for
/// it, so every process takes the forms of every other. A new salt each time: a compressed page tells nothing about it.
/// </summary>
internal static class FormToken
{
    public const string Field = "form_token";

    private const int SaltBytes = 12;
    private const int Bytes = SaltBytes + SHA256.HashSizeInBytes;

    /// <summary>60 characters of Base64url; empty where there is no secret to make it of.</summary>
    public static string Make(string secret)
    {
        if (secret.Length == 0)
        {
            return "";
        }

        Span<byte> token = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(token[..SaltBytes]);
        Hash(secret, token[..SaltBytes], token[SaltBytes..]);
        return Base64Url.EncodeToString(token);
    }

    public static bool IsOf(string secret, string? sent)
    {
        Span<byte> token = stackalloc byte[Bytes];
        if (
            secret.Length == 0
            || sent?.Length != Base64Url.GetEncodedLength(Bytes)
            || !Base64Url.TryDecodeFromChars(sent, token, out var length)
            || length != Bytes
        )
        {
            return false;
        }

        Span<byte> right = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(secret, token[..SaltBytes], right);
        return CryptographicOperations.FixedTimeEquals(right, token[SaltBytes..]);
    }

    /// <summary>Also the name of one sending of a form: 128 random bits.</summary>
    public static string Draw()
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }

    private static void Hash(string secret, ReadOnlySpan<byte> salt, Span<byte> hash)
    {
        Span<byte> message = stackalloc byte[SaltBytes + 4];
        "form"u8.CopyTo(message);
        salt.CopyTo(message[4..]);
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), message, hash);
    }
}
