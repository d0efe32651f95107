using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Rookery.TestKit;

/// <summary>A push as it came to a push service.</summary>
internal sealed record PushReceived(
    string Path,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body
)
{
    public string Header(string name) => Headers.GetValueOrDefault(name, "");
}

/// <summary>A browser or an app as a push service knows it: the keys that it subscribes with, and what it makes of pushes.</summary>
internal sealed class PushClient : IDisposable
{
    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _auth = RandomNumberGenerator.GetBytes(16);

    public byte[] Point => PointOf(_key);

    public string P256dh => Base64Url.EncodeToString(Point);

    public string Auth => Base64Url.EncodeToString(_auth);

    /// <summary>In Base64url, for readers that are no part of this program.</summary>
    public string PrivateKey =>
        Base64Url.EncodeToString(_key.ExportParameters(includePrivateParameters: true).D);

    /// <summary>What is posted to subscribe, as JSON.</summary>
    public object Subscription(
        string endpoint,
        bool isStandard = true,
        string policy = "all",
        params IReadOnlyList<string> alerts
    ) =>
        new
        {
            subscription = new
            {
                endpoint,
                keys = new { p256dh = P256dh, auth = Auth },
                standard = isStandard,
            },
            data = new { policy, alerts = alerts.ToDictionary(alert => alert, _ => true) },
        };

    /// <summary>Reads what is encrypted as RFC 8291 has it, in one record.</summary>
    public JsonElement Read(PushReceived push)
    {
        var (body, server) = (push.Body, push.Body[21..86]);
        using var theirs = ECDiffieHellman.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = server[1..33], Y = server[33..] },
            }
        );
        var shared = _key.DeriveRawSecretAgreement(theirs.PublicKey);
        var secret = Derive(
            shared,
            32,
            _auth,
            [.. Encoding.ASCII.GetBytes("WebPush: info\0"), .. Point, .. server]
        );
        var salt = body[..16];
        using var cipher = new AesGcm(
            Derive(secret, 16, salt, Encoding.ASCII.GetBytes("Content-Encoding: aes128gcm\0")),
            16
        );
        var plain = new byte[body.Length - 86 - 16];
        cipher.Decrypt(
            Derive(secret, 12, salt, Encoding.ASCII.GetBytes("Content-Encoding: nonce\0")),
            body[86..^16],
            body[^16..],
            plain
        );
        return JsonDocument.Parse(plain.AsMemory()[..^1]).RootElement;
    }

    public void Dispose() => _key.Dispose();

    private static byte[] Derive(byte[] secret, int length, byte[] salt, byte[] info) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, length, salt, info);

    private static byte[] PointOf(ECDiffieHellman key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [4, .. point.X!, .. point.Y!];
    }
}
