using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Rookery.Accounts;

/// <summary>
/// PBKDF2-HMAC-SHA-512. What is stored says how it was made: <c>pbkdf2-sha512$rounds$salt$hash</c>, the last two in Base64.
/// </summary>
internal sealed class PasswordHasher(IOptions<AccountsOptions> options)
{
    private const string Algorithm = "pbkdf2-sha512";
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    private static readonly byte[] NobodysSalt = new byte[SaltBytes];

    private readonly int _rounds = options.Value.PasswordRounds;
    private long _derived;

    /// <summary>How many hashes were computed: what log-ins cost, and what must not tell a known name from an unknown one.</summary>
    public long Derived => Interlocked.Read(ref _derived);

    /// <exception cref="ArgumentException">The password was not checked by <see cref="PasswordRules"/>.</exception>
    public string Hash(string password)
    {
        var text =
            PasswordText.Normalised(password)
            ?? throw new ArgumentException("Not a password that can be chosen.", nameof(password));
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Derive(text, salt, _rounds);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Algorithm}${_rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}"
        );
    }

    /// <summary>False also where nothing, or nothing readable, is stored: such an account has no password.</summary>
    public bool Verify(string password, string stored)
    {
        if (PasswordText.Normalised(password) is not { } text || Parse(stored) is not { } known)
        {
            VerifyNobody(password);
            return false;
        }

        return CryptographicOperations.FixedTimeEquals(
            Derive(text, known.Salt, known.Rounds),
            known.Hash
        );
    }

    /// <summary>Takes the time that <see cref="Verify"/> takes, so that unknown names cannot be told from known ones.</summary>
    public void VerifyNobody(string password) =>
        Derive(PasswordText.Normalised(password) ?? "", NobodysSalt, _rounds);

    /// <summary>True when the options have changed since: hash again at the next log-in.</summary>
    public bool NeedsRehash(string stored) => Parse(stored)?.Rounds != _rounds;

    private byte[] Derive(string text, byte[] salt, int rounds)
    {
        Interlocked.Increment(ref _derived);
        return Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(text),
            salt,
            rounds,
            HashAlgorithmName.SHA512,
            HashBytes
        );
    }

    private static Stored? Parse(string stored)
    {
        var parts = stored.Split('$');
        if (
            parts.Length != 4
            || parts[0] != Algorithm
            || !int.TryParse(
                parts[1],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var rounds
            )
            || rounds == 0
        )
        {
            return null;
        }

        var salt = FromBase64(parts[2], SaltBytes);
        var hash = FromBase64(parts[3], HashBytes);
        return salt is null || hash is null ? null : new Stored(rounds, salt, hash);
    }

    private static byte[]? FromBase64(string text, int length)
    {
        var bytes = new byte[length];
        return Convert.TryFromBase64String(text, bytes, out var written) && written == length
            ? bytes
            : null;
    }

    private sealed record Stored(int Rounds, byte[] Salt, byte[] Hash);
}
