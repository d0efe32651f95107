using System.Diagnostics;
using System.Text.Json;
using Rookery.TestKit;

namespace Rookery.SystemTests.Push;

/// <summary>
/// Reads pushes with another language's libraries of cryptography and of JSON Web Tokens: what this program and its tests have misunderstood alike, these have not.
/// </summary>
internal static class OtherReader
{
    private const string Script = """
        import base64, json, sys
        import jwt
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        def raw(text):
            return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

        def derive(secret, length, salt, info):
            return HKDF(hashes.SHA256(), length, salt, info).derive(secret)

        def public(point):
            return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)

        def point_of(key):
            return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)

        def parameters(header):
            return dict(part.strip().split("=", 1) for part in header.replace(";", ",").split(","))

        def read_standard(key, auth, body):
            salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
            server, sealed = body[21:21 + length], body[21 + length:]
            assert len(sealed) <= size
            secret = derive(key.exchange(ec.ECDH(), public(server)), 32, auth, b"WebPush: info\0" + point_of(key) + server)
            content_key = derive(secret, 16, salt, b"Content-Encoding: aes128gcm\0")
            nonce = derive(secret, 12, salt, b"Content-Encoding: nonce\0")
            plain = AESGCM(content_key).decrypt(nonce, sealed, None).rstrip(b"\0")
            assert plain[-1] == 2
            return plain[:-1]

        def read_draft(key, auth, body, headers):
            salt = raw(parameters(headers["encryption"])["salt"])
            server = raw(parameters(headers["crypto-key"])["dh"])
            secret = derive(key.exchange(ec.ECDH(), public(server)), 32, auth, b"Content-Encoding: auth\0")
            context = b"P-256\0" + len(point_of(key)).to_bytes(2, "big") + point_of(key) + len(server).to_bytes(2, "big") + server
            content_key = derive(secret, 16, salt, b"Content-Encoding: aesgcm\0" + context)
            nonce = derive(secret, 12, salt, b"Content-Encoding: nonce\0" + context)
            plain = AESGCM(content_key).decrypt(nonce, body, None)
            return plain[2 + int.from_bytes(plain[:2], "big"):]

        def signed(headers):
            scheme, rest = headers["authorization"].split(" ", 1)
            if scheme == "vapid":
                found = parameters(rest)
                return found["t"], found["k"]
            assert scheme == "WebPush"
            return rest, parameters(headers["crypto-key"])["p256ecdsa"]

        asked = json.load(sys.stdin)
        key = ec.derive_private_key(int.from_bytes(raw(asked["private"]), "big"), ec.SECP256R1())
        answers = []
        for push in asked["pushes"]:
            headers = {name.lower(): value for name, value in push["headers"].items()}
            body, auth = base64.b64decode(push["body"]), raw(asked["auth"])
            standard = headers["content-encoding"] == "aes128gcm"
            text = read_standard(key, auth, body) if standard else read_draft(key, auth, body, headers)
            token, server = signed(headers)
            audience = asked["origin"]
            claims = jwt.decode(token, public(raw(server)), algorithms=["ES256"], audience=audience, options={"require": ["exp", "aud", "sub"]})
            answers.append({"text": json.loads(text), "claims": claims, "key": server})
        print(json.dumps(answers))
        """;

    public static async Task<IReadOnlyList<JsonElement>> ReadAsync(
        PushClient client,
        IReadOnlyList<PushReceived> pushes,
        CancellationToken stop
    )
    {
        var start = new ProcessStartInfo("/usr/bin/python3")
        {
            ArgumentList = { "-c", Script },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var python = Process.Start(start)!;
        var asked = new
        {
            @private = client.PrivateKey,
            auth = client.Auth,
            origin = $"http://{pushes[0].Header("Host")}",
            pushes = pushes.Select(push => new { headers = push.Headers, body = push.Body }),
        };
        await python.StandardInput.WriteAsync(JsonSerializer.Serialize(asked).AsMemory(), stop);
        python.StandardInput.Close();
        var said = await python.StandardOutput.ReadToEndAsync(stop);
        var complained = await python.StandardError.ReadToEndAsync(stop);
        await python.WaitForExitAsync(stop);
        return python.ExitCode == 0
            ? [.. JsonDocument.Parse(said).RootElement.EnumerateArray()]
            : throw new InvalidOperationException(
                $"{complained}\nAs root: apt-get install --no-install-recommends python3-cryptography python3-jwt"
            );
    }
}
