using System.Security.Cryptography;
using System.Text;
using Rookery.Accounts;

namespace Rookery.Notifications.Push;

/// <summary>A secret of the installation that stands in no database.</summary>
internal sealed record PushSecret(string Value)
{
    /// <summary>No secret is written into a log.</summary>
    public override string ToString() => "PushSecret";
}

/// <summary>
/// Clients find by its token which of their accounts a push is for, so it is in the push, which only they can read; and it is kept until then. Who reads the database, or a backup of it,
/// finds it sealed.
/// </summary>
internal sealed class SealTokens(PushSecret secret)
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256,
        Encoding.UTF8.GetBytes(secret.Value),
        KeyBytes,
        info: "rookery push tokens"u8.ToArray()
    );

    /// <param name="session">It can be opened for that alone.</param>
    public byte[] Seal(string token, TokenHash session)
    {
        var plain = Encoding.ASCII.GetBytes(token);
        var made = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = made.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(
            nonce,
            plain,
            made.AsSpan(NonceBytes, plain.Length),
            made.AsSpan(NonceBytes + plain.Length),
            session.ToArray()
        );
        return made;
    }

    /// <summary>Null where there is none, or it was sealed under another secret.</summary>
    public string? Open(ReadOnlySpan<byte> made, TokenHash session)
    {
        if (made.Length <= NonceBytes + TagBytes)
        {
            return null;
        }

        var plain = new byte[made.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_key, TagBytes);
        try
        {
            cipher.Decrypt(
                made[..NonceBytes],
                made[NonceBytes..^TagBytes],
                made[^TagBytes..],
                plain,
                session.ToArray()
            );
            return Encoding.ASCII.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
