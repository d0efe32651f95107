using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Rookery.Notifications.Push;

/// <summary>
/// What this server proves with that it is the one that was subscribed to: RFC 8292. Drawn once and kept where notifications are, so that all processes have the same, for ever: subscriptions are
/// made for its public half.
/// </summary>
internal sealed class VapidKeys(IPushStore store) : IDisposable
{
    private Vapid? _pair;

    public async ValueTask<Vapid> GetAsync(CancellationToken token)
    {
        if (Volatile.Read(ref _pair) is { } known)
        {
            return known;
        }

        var made = new Vapid(
            await store.KeysAsync(token) ?? await store.KeepKeysAsync(Vapid.Draw(), token)
        );
        if (Interlocked.CompareExchange(ref _pair, made, null) is not { } other)
        {
            return made;
        }

        made.Dispose();
        return other;
    }

    public void Dispose() => _pair?.Dispose();
}

/// <summary>A pair of keys of P-256 that signs.</summary>
internal sealed class Vapid : IDisposable
{
    /// <summary>Half of what a token may last.</summary>
    private static readonly TimeSpan Lasts = TimeSpan.FromHours(12);

    private static readonly string Head = Base64Url.EncodeToString(
        """{"typ":"JWT","alg":"ES256"}"""u8
    );

    private readonly ECDsa _key = ECDsa.Create();
    private readonly Lock _turn = new();

    public Vapid(byte[] pair)
    {
        _key.ImportPkcs8PrivateKey(pair, out _);
        PublicKey = Base64Url.EncodeToString(
            EncryptPush.PointOf(_key.ExportParameters(includePrivateParameters: false))
        );
    }

    /// <summary>An uncompressed point, in Base64url.</summary>
    public string PublicKey { get; }

    public static byte[] Draw()
    {
        using var drawn = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return drawn.ExportPkcs8PrivateKey();
    }

    /// <summary>Proves to the service of this endpoint, and to no other, whose push it is.</summary>
    /// <param name="contact">Whom the service writes to; empty: nobody is named.</param>
    public string TokenFor(Uri endpoint, string contact, DateTimeOffset now)
    {
        using var claims = new MemoryStream();
        using (var json = new Utf8JsonWriter(claims))
        {
            json.WriteStartObject();
            json.WriteString("aud", endpoint.GetLeftPart(UriPartial.Authority));
            json.WriteNumber("exp", (now + Lasts).ToUnixTimeSeconds());
            if (contact.Length > 0)
            {
                json.WriteString("sub", contact);
            }

            json.WriteEndObject();
        }

        var signed = $"{Head}.{Base64Url.EncodeToString(claims.ToArray())}";
        return $"{signed}.{Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public void Dispose() => _key.Dispose();

    /// <summary>The form that JSON Web Tokens have: two numbers of 32 bytes.</summary>
    private byte[] Sign(byte[] text)
    {
        lock (_turn)
        {
            return _key.SignData(text, HashAlgorithmName.SHA256);
        }
    }
}
