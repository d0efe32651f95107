using System.Buffers.Text;
using System.Security.Cryptography;

namespace Rookery.Accounts;

/// <summary>What a client holds to prove who it is: 32 random bytes. Only its hash is ever stored or compared.</summary>
internal sealed record AuthToken(string Text, TokenHash Hash)
{
    private const int Bytes = 32;

    /// <summary>32 bytes in Base64url without padding.</summary>
    public const int Length = 43;

    public static AuthToken Draw()
    {
        Span<byte> random = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(random);
        var text = Base64Url.EncodeToString(random);
        TokenHash.TryOf(text, out var hash);
        return new AuthToken(text, hash);
    }

    /// <summary>Never the token: records are printed into logs.</summary>
    public override string ToString() => "token";
}
