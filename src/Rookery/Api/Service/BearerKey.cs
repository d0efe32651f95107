using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Rookery.Api.Service;

/// <summary>A key that is sent as <c>Authorization: Bearer KEY</c>.</summary>
internal sealed class BearerKey(string key)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));

    public bool IsSentWith(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && Matches(header.AsSpan(Scheme.Length).Trim());
    }

    private bool Matches(ReadOnlySpan<char> sent)
    {
        // Hashes are of one length, so the comparison takes the same time for every wrong key.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(sent.ToString()), hash);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }
}
