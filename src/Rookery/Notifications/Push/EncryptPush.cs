using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Rookery.Notifications.Push;

/// <summary>What only the receiver can read, and what it reads it by.</summary>
internal sealed record EncryptedPush(
    byte[] Body,
    string ContentEncoding,
    IReadOnlyList<KeyValuePair<string, string>> Headers
);

/// <summary>
/// Encrypts for one receiver: RFC 8291 over the coding of RFC 8188, in one record; or as the fourth draft of both, which older clients subscribe for.
/// </summary>
internal static class EncryptPush
{
    public const int PointBytes = 65;
    public const int AuthBytes = 16;
    public const int SaltBytes = 16;

    private const int KeyBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int SecretBytes = 32;

    /// <summary>The most that every service takes: RFC 8030, section 7.2.</summary>
    private const int RecordBytes = 4_096;

    /// <summary>Salt, size of records, length of the key's name, and the key.</summary>
    private const int HeadBytes = SaltBytes + 4 + 1 + PointBytes;

    /// <summary>Bytes of text that fit.</summary>
    public const int MostBytes = RecordBytes - HeadBytes - TagBytes - 1;

    private static HashAlgorithmName Sha256 => HashAlgorithmName.SHA256;

    /// <summary>False for what is no uncompressed point of P-256.</summary>
    public static bool IsPoint(ReadOnlySpan<byte> key)
    {
        try
        {
            using var read = PublicKeyOf(key);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public static byte[] PointOf(ECParameters key) => [4, .. key.Q.X!, .. key.Q.Y!];

    public static EncryptedPush Run(ReadOnlySpan<byte> text, PushReceiver to)
    {
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Run(text, to, own, RandomNumberGenerator.GetBytes(SaltBytes));
    }

    /// <param name="own">For this push alone.</param>
    /// <param name="salt">Drawn for this push.</param>
    public static EncryptedPush Run(
        ReadOnlySpan<byte> text,
        PushReceiver to,
        ECDiffieHellman own,
        byte[] salt
    )
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, MostBytes);
        var point = PointOf(own.ExportParameters(includePrivateParameters: false));
        using var theirs = PublicKeyOf(to.P256dh.Span);
        var shared = own.DeriveRawSecretAgreement(theirs.PublicKey);
        return to.IsStandard
            ? new EncryptedPush(
                Standard(text, to, point, salt, shared),
                "aes128gcm",
                Array.Empty<KeyValuePair<string, string>>()
            )
            : new EncryptedPush(
                Draft(text, to, point, salt, shared),
                "aesgcm",
                [
                    new("Encryption", $"salt={Base64Url.EncodeToString(salt)}"),
                    new("Crypto-Key", $"dh={Base64Url.EncodeToString(point)}"),
                ]
            );
    }

    private static byte[] Standard(
        ReadOnlySpan<byte> text,
        PushReceiver to,
        byte[] point,
        byte[] salt,
        byte[] shared
    )
    {
        byte[] info = [.. "WebPush: info\0"u8, .. to.P256dh.Span, .. point];
        var secret = HKDF.DeriveKey(Sha256, shared, SecretBytes, to.Auth.ToArray(), info);
        var body = new byte[HeadBytes + text.Length + 1 + TagBytes];
        salt.CopyTo(body, 0);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(SaltBytes), RecordBytes);
        body[SaltBytes + 4] = PointBytes;
        point.CopyTo(body, SaltBytes + 5);
        // 2: the last record, without padding.
        Seal(
            [.. text, 2],
            secret,
            salt,
            "Content-Encoding: aes128gcm\0"u8,
            [],
            body.AsSpan(HeadBytes)
        );
        return body;
    }

    private static byte[] Draft(
        ReadOnlySpan<byte> text,
        PushReceiver to,
        byte[] point,
        byte[] salt,
        byte[] shared
    )
    {
        var secret = HKDF.DeriveKey(
            Sha256,
            shared,
            SecretBytes,
            to.Auth.ToArray(),
            "Content-Encoding: auth\0"u8.ToArray()
        );
        byte[] context =
        [
            .. "P-256\0"u8,
            0,
            PointBytes,
            .. to.P256dh.Span,
            0,
            PointBytes,
            .. point,
        ];
        var body = new byte[2 + text.Length + TagBytes];
        // No padding, of which two bytes say how long it is.
        Seal([0, 0, .. text], secret, salt, "Content-Encoding: aesgcm\0"u8, context, body);
        return body;
    }

    private static void Seal(
        byte[] plain,
        byte[] secret,
        byte[] salt,
        ReadOnlySpan<byte> keyInfo,
        byte[] context,
        Span<byte> into
    )
    {
        var key = HKDF.DeriveKey(Sha256, secret, KeyBytes, salt, [.. keyInfo, .. context]);
        var nonce = HKDF.DeriveKey(
            Sha256,
            secret,
            NonceBytes,
            salt,
            [.. "Content-Encoding: nonce\0"u8, .. context]
        );
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(nonce, plain, into[..plain.Length], into[plain.Length..]);
    }

    /// <exception cref="CryptographicException">It is no point of the curve.</exception>
    private static ECDiffieHellman PublicKeyOf(ReadOnlySpan<byte> point) =>
        point is [4, ..] && point.Length == PointBytes
            ? ECDiffieHellman.Create(
                new ECParameters
                {
                    Curve = ECCurve.NamedCurves.nistP256,
                    Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() },
                }
            )
            : throw new CryptographicException(
                "An uncompressed point has 65 bytes and begins with 4."
            );
}
