using System.Text;
using Rookery.Api;

namespace Rookery.SystemTests.Routes;

/// <summary>One field of a request that is being made.</summary>
internal sealed record SentField(FieldDoc Field, Sample Sample, Carrier Carrier);

/// <summary>Spells requests byte by byte.</summary>
internal static class WireRequest
{
    private const string Boundary = "----matrix";

    /// <summary>The header of its multipart bodies.</summary>
    public const string Multipart = $"Content-Type: multipart/form-data; boundary={Boundary}";

    private static readonly string[] _socket =
    [
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ];

    public static byte[] Of(
        Route route,
        IReadOnlyList<SentField> fields,
        Carrier body,
        string? bearer
    )
    {
        var target = TargetOf(route, fields);
        if (!route.ReadsBody)
        {
            return Raw(route.Method, target, bearer, [], route.IsSocket ? _socket : []);
        }

        var inBody = fields.Where(sent => sent.Carrier == body && !sent.Sample.IsMissing).ToArray();
        var (type, bytes) = body switch
        {
            Carrier.Json => ("application/json", JsonOf(inBody)),
            Carrier.Form => ("application/x-www-form-urlencoded", PairsOf(inBody)),
            _ => ($"multipart/form-data; boundary={Boundary}", MultipartOf(inBody)),
        };
        return Raw(route.Method, target, bearer, bytes, $"Content-Type: {type}");
    }

    /// <summary>Path and query.</summary>
    public static string TargetOf(Route route, IReadOnlyList<SentField> fields)
    {
        var path = route.Path;
        foreach (var sent in fields.Where(sent => sent.Carrier == Carrier.Path))
        {
            path = path.Replace($"{{{sent.Field.Name}}}", Escape(sent.Sample.Texts![0]));
        }

        var query = PairsOf([
            .. fields.Where(sent => sent.Carrier == Carrier.Query && !sent.Sample.IsMissing),
        ]);
        return query.Length == 0 ? path : $"{path}?{Encoding.ASCII.GetString(query)}";
    }

    /// <param name="headers">Beside those that every request has; a Content-Length or Transfer-Encoding of its own replaces the right one.</param>
    public static byte[] Raw(
        string method,
        string target,
        string? bearer,
        byte[] body,
        params IReadOnlyList<string> headers
    )
    {
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: rookery.test\r\n");
        if (bearer is not null)
        {
            head.Append("Authorization: Bearer ").Append(bearer).Append("\r\n");
        }

        foreach (var header in headers)
        {
            head.Append(header).Append("\r\n");
        }

        if (
            !headers.Any(header =>
                header.StartsWith("Content-Length", StringComparison.Ordinal)
                || header.StartsWith("Transfer-Encoding", StringComparison.Ordinal)
            )
        )
        {
            head.Append("Content-Length: ").Append(body.Length).Append("\r\n");
        }

        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body];
    }

    /// <summary>A multipart body with this file alone.</summary>
    public static byte[] Upload(byte[] file) =>
        MultipartOf([
            new SentField(
                new FieldDoc("file", FieldType.File, FieldPlace.Body, "A file."),
                Sample.FileOf(file),
                Carrier.Multipart
            ),
        ]);

    private static byte[] JsonOf(SentField[] fields)
    {
        var bytes = new List<byte>("{"u8.ToArray());
        foreach (var sent in fields)
        {
            bytes.AddRange(bytes.Count > 1 ? ","u8 : []);
            bytes.AddRange(Encoding.UTF8.GetBytes($"\"{sent.Field.Name}\":"));
            bytes.AddRange(sent.Sample.Json!);
        }

        bytes.AddRange("}"u8);
        return [.. bytes];
    }

    private static byte[] PairsOf(SentField[] fields) =>
        Encoding.ASCII.GetBytes(
            string.Join(
                '&',
                from sent in fields
                from text in sent.Sample.Texts!
                select $"{sent.Field.Name}={Escape(text)}"
            )
        );

    private static byte[] MultipartOf(SentField[] fields)
    {
        var bytes = new List<byte>();
        foreach (var sent in fields)
        {
            var file = sent.Sample.IsFile ? "; filename=\"f\"" : "";
            foreach (var text in sent.Sample.Texts!)
            {
                bytes.AddRange(
                    Encoding.UTF8.GetBytes(
                        $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{sent.Field.Name}\"{file}\r\n\r\n"
                    )
                );
                bytes.AddRange(text);
                bytes.AddRange("\r\n"u8);
            }
        }

        bytes.AddRange(Encoding.UTF8.GetBytes($"--{Boundary}--\r\n"));
        return [.. bytes];
    }

    private static string Escape(byte[] bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var one in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)one) || one is (byte)'-' or (byte)'_')
            {
                text.Append((char)one);
            }
            else
            {
                text.Append('%').Append(one.ToString("X2", null));
            }
        }

        return text.ToString();
    }
}
