using System.Net.Mail;
using System.Text;
using System.Text.RegularExpressions;

namespace Rookery.TestKit;

/// <summary>A mail as a mailbox has it, taken apart by the letter of RFC 5322 and MIME: what breaks their rules is thrown.</summary>
/// <param name="Headers">Their values as they came, unfolded.</param>
internal sealed partial record ReceivedMail(
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    string Text,
    string Html
)
{
    private const int LongestLine = 998;

    /// <summary>Empty where there is none.</summary>
    public string Subject => Has("Subject") ? Decoded("Subject") : "";

    public string MessageId => Header("Message-ID");

    /// <summary>The address, without the name.</summary>
    public string To => new MailAddress(Decoded("To")).Address;

    public string ToName => new MailAddress(Decoded("To")).DisplayName;

    /// <summary>Whom the server was told to deliver it to; of what came through one.</summary>
    public string EnvelopeTo => Header("X-Envelope-To");

    /// <summary>The only one of its name.</summary>
    public string Header(string name) =>
        Headers.Single(one => one.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public bool Has(string name) =>
        Headers.Any(one => one.Key.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The first address of the site below this path, in the text.</summary>
    public string Link(string path) =>
        Regex.Match(Text, $@"https?://\S+?({Regex.Escape(path)}\S+)") is { Success: true } link
            ? link.Groups[1].Value
            : throw new InvalidOperationException($"No link to {path} in:\n{Text}");

    public static ReceivedMail Parse(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        foreach (var line in text.Split("\r\n"))
        {
            if (line.Contains('\r') || line.Contains('\n') || line.Length > LongestLine)
            {
                throw new FormatException($"A line of {line.Length} characters: {line}");
            }
        }

        var (headers, body) = Split(text);
        var boundary = BoundaryOf(ValueOf(headers, "Content-Type"));
        var parts = body.Split($"--{boundary}").Skip(1).SkipLast(1).Select(PartOf).ToList();
        return new ReceivedMail(
            headers,
            parts.Single(part => part.Type.StartsWith("text/plain", StringComparison.Ordinal)).Text,
            parts.Single(part => part.Type.StartsWith("text/html", StringComparison.Ordinal)).Text
        );
    }

    private static (List<KeyValuePair<string, string>>, string) Split(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var unfolded = Fold().Replace(text[..end], " ");
        var headers = unfolded
            .Split("\r\n")
            .Select(line =>
                HeaderLine().Match(line) is { Success: true } header
                    ? KeyValuePair.Create(header.Groups["name"].Value, header.Groups["value"].Value)
                    : throw new FormatException($"No header: {line}")
            )
            .ToList();
        return (headers, text[(end + 4)..]);
    }

    private static (string Type, string Text) PartOf(string part)
    {
        var (headers, body) = Split(part["\r\n".Length..]);
        body = body.EndsWith("\r\n", StringComparison.Ordinal) ? body[..^2] : body;
        var text = ValueOf(headers, "Content-Transfer-Encoding").ToLowerInvariant() switch
        {
            "base64" => Encoding.UTF8.GetString(Convert.FromBase64String(body)),
            "7bit" when Ascii.IsValid(body) => body,
            var other => throw new FormatException($"Encoded as {other}"),
        };
        return (ValueOf(headers, "Content-Type"), text);
    }

    private static string BoundaryOf(string type) =>
        Boundary().Match(type) is { Success: true } boundary
            ? boundary.Groups[1].Value
            : throw new FormatException($"No boundary: {type}");

    private static string ValueOf(List<KeyValuePair<string, string>> headers, string name) =>
        headers.Single(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>RFC 2047; blanks between two encoded words are none.</summary>
    private string Decoded(string name) =>
        EncodedWord()
            .Replace(
                BetweenWords().Replace(Header(name), "$1$2"),
                word =>
                    Encoding.UTF8.GetString(
                        word.Groups["how"].Value is "B" or "b"
                            ? Convert.FromBase64String(word.Groups["text"].Value)
                            : Quoted(word.Groups["text"].Value)
                    )
            );

    private static byte[] Quoted(string text)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '=')
            {
                bytes.Add(Convert.ToByte(text.Substring(at + 1, 2), 16));
                at += 2;
            }
            else
            {
                bytes.Add((byte)(text[at] == '_' ? ' ' : text[at]));
            }
        }

        return [.. bytes];
    }

    [GeneratedRegex(@"\r\n[ \t]+")]
    private static partial Regex Fold();

    [GeneratedRegex(@"^(?<name>[!-9;-~]+): ?(?<value>.*)$")]
    private static partial Regex HeaderLine();

    [GeneratedRegex("boundary=\"?([^\";]+)\"?")]
    private static partial Regex Boundary();

    [GeneratedRegex(@"=\?utf-8\?(?<how>[BbQq])\?(?<text>[^?]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"(=\?[^?]+\?[BbQq]\?[^?]*\?=)\s+(?==\?)()")]
    private static partial Regex BetweenWords();
}
