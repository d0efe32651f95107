using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Rookery.Mail;

/// <summary>
/// What stands in the link that ends mails of one kind: whose and which, and a keyed hash of that whose key is the account's own. It holds as long as the
/// account is there, as the mail does.
/// </summary>
internal sealed record UnsubscribeTicket(AccountId Account, string Kind)
{
    /// <summary>More than any kind has.</summary>
    private const int MaxKind = 60;

    private const int IdBytes = sizeof(long);
    private const int HashBytes = 16;

    private byte[] _hash = [];

    public string Write(ReadOnlySpan<byte> secret) =>
        Base64Url.EncodeToString([
            .. IdOf(Account),
            .. Hash(secret),
            .. Encoding.ASCII.GetBytes(Kind),
        ]);

    /// <summary>Null for what is none; whether it is a right one, <see cref="IsOf"/> says.</summary>
    public static UnsubscribeTicket? Read(string text)
    {
        var bytes = new byte[IdBytes + HashBytes + MaxKind];
        return
            text.Length <= Base64Url.GetEncodedLength(bytes.Length)
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out var length)
            && length > IdBytes + HashBytes
            && Ascii.IsValid(bytes.AsSpan(0, length)[(IdBytes + HashBytes)..])
            ? new(
                new AccountId(BinaryPrimitives.ReadInt64BigEndian(bytes)),
                Encoding.ASCII.GetString(bytes.AsSpan(0, length)[(IdBytes + HashBytes)..])
            )
            {
                _hash = bytes[IdBytes..(IdBytes + HashBytes)],
            }
            : null;
    }

    public bool IsOf(ReadOnlySpan<byte> secret) =>
        CryptographicOperations.FixedTimeEquals(Hash(secret), _hash);

    private byte[] Hash(ReadOnlySpan<byte> secret) =>
        HMACSHA256.HashData(secret, [.. IdOf(Account), .. Encoding.ASCII.GetBytes(Kind)])[
            ..HashBytes
        ];

    private static byte[] IdOf(AccountId account)
    {
        var bytes = new byte[IdBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, account.Value);
        return bytes;
    }
}
