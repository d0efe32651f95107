using System.Net;

namespace Rookery.Mail;

/// <summary>How a mail looks: once as plain text, once as HTML in which everything is escaped.</summary>
/// <param name="url">Of a path of the site.</param>
internal sealed class MailLayout(WrittenMail mail, Func<string, string> url)
{
    private const string NewLine = "\r\n";

    private readonly IReadOnlyList<string> _before =
    [
        mail.Words.Text("Hello", ("name", MailWords.Quoted(mail.Name))),
        .. mail.Before,
    ];

    /// <summary>The path where one says that one wants no more of these; null where nobody can.</summary>
    public string? Unsubscribe { get; init; }

    public string Text()
    {
        var lines = new List<string>();
        foreach (var paragraph in _before)
        {
            lines.AddRange([paragraph, ""]);
        }

        foreach (var item in mail.Items)
        {
            lines.Add($"* {item.Text}");
            if (item.Quote.Length > 0)
            {
                lines.Add($"  {item.Quote}");
            }

            lines.AddRange([$"  {url(item.Path)}", ""]);
        }

        foreach (var action in mail.Actions)
        {
            lines.AddRange([$"{action.Label}:", url(action.Path), ""]);
        }

        foreach (var paragraph in mail.After)
        {
            lines.AddRange([paragraph, ""]);
        }

        lines.AddRange(["-- ", url("/")]);
        if (Unsubscribe is not null)
        {
            lines.AddRange([$"{mail.Words.Text("Unsubscribe")}:", url(Unsubscribe)]);
        }

        return Joined(lines);
    }

    public string Html()
    {
        var words = mail.Words;
        List<string> lines =
        [
            "<!DOCTYPE html>",
            $"<html lang=\"{Escaped(words.Code)}\" dir=\"{Escaped(words.Direction)}\">",
            $"<head><meta charset=\"utf-8\"><title>{Escaped(mail.Subject)}</title></head>",
            "<body style=\"font-family: sans-serif; line-height: 1.5\">",
            .. _before.Select(Paragraph),
            .. mail.Items.SelectMany(ItemLines),
            .. mail.Actions.Select(action => $"<p>{Link(action.Path, action.Label)}</p>"),
            .. mail.After.Select(Paragraph),
            $"<p>{Link("/", url("/"))}</p>",
        ];
        if (Unsubscribe is not null)
        {
            lines.Add($"<p>{Link(Unsubscribe, words.Text("Unsubscribe"))}</p>");
        }

        lines.AddRange(["</body>", "</html>"]);
        return Joined(lines);
    }

    private static string Joined(List<string> lines) =>
        string.Concat(lines.Select(line => line + NewLine));

    private IEnumerable<string> ItemLines(MailItem item)
    {
        yield return $"<p>{Link(item.Path, item.Text)}</p>";
        if (item.Quote.Length > 0)
        {
            yield return $"<blockquote dir=\"auto\">{Escaped(item.Quote)}</blockquote>";
        }
    }

    private static string Paragraph(string text) => $"<p>{Escaped(text)}</p>";

    private string Link(string path, string label) =>
        $"<a href=\"{Escaped(url(path))}\">{Escaped(label)}</a>";

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
