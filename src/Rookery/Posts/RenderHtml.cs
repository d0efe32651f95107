using System.Text;
using Rookery.Accounts;

namespace Rookery.Posts;

/// <summary>
/// Writes people's texts as HTML, for the site and for Mastodon's API: the one place where text becomes markup. Of elements there are <c>p</c>, <c>br</c>,
/// <c>span</c> and <c>a</c>; whatever a person wrote is text in them or a quoted address, escaped.
/// </summary>
/// <param name="origin">Before the addresses of profiles and hashtags, e.g. <c>https://rookery.example</c>; empty: they are relative to the site.</param>
internal sealed class RenderHtml(string origin)
{
    /// <summary>Characters of a link that are shown; its scheme and its rest are there for who copies it.</summary>
    private const int ShownOfLink = 30;

    /// <param name="accounts">By folded username, as it is shown: only these mentions become links, since others lead nowhere.</param>
    public string Render(string text, IReadOnlyDictionary<string, string> accounts)
    {
        if (text.Length == 0)
        {
            return "";
        }

        var html = new StringBuilder(text.Length + 64).Append("<p>");
        var at = 0;
        foreach (var entity in TextEntities.Find(text))
        {
            Plain(html, text.AsSpan(at, entity.Start - at));
            Entity(html, entity, entity.In(text), accounts);
            at = entity.End;
        }

        Plain(html, text.AsSpan(at));
        return html.Append("</p>").ToString();
    }

    /// <summary>The folded names that <paramref name="text"/> mentions, of accounts or not.</summary>
    public static IEnumerable<string> Mentioned(string text) =>
        TextEntities
            .Find(text)
            .Where(entity => entity.Kind == TextEntityKind.Mention)
            .Select(entity => Handle.Standing(entity.In(text)[1..].ToString())?.Folded)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);

    public string Profile(string username) => $"{origin}/@{username}";

    public string Post(string username, PostId id) => $"{Profile(username)}/{id}";

    /// <param name="name">Folded.</param>
    public string Hashtag(string name) => $"{origin}/tags/{Uri.EscapeDataString(name)}";

    private void Entity(
        StringBuilder html,
        TextEntity entity,
        ReadOnlySpan<char> text,
        IReadOnlyDictionary<string, string> accounts
    )
    {
        switch (entity.Kind)
        {
            case TextEntityKind.Mention:
                Mention(html, text, accounts);
                break;
            case TextEntityKind.Hashtag:
                Open(html, Hashtag(Posts.Hashtag.Fold(text[1..])), "mention hashtag", "tag");
                html.Append(text[0]).Append("<span>");
                Escaped(html, text[1..]);
                html.Append("</span></a>");
                break;
            default:
                Link(html, text);
                break;
        }
    }

    private void Mention(
        StringBuilder html,
        ReadOnlySpan<char> text,
        IReadOnlyDictionary<string, string> accounts
    )
    {
        if (
            Handle.Standing(text[1..].ToString()) is not { } handle
            || !accounts.TryGetValue(handle.Folded, out var username)
        )
        {
            Escaped(html, text);
            return;
        }

        html.Append("<span class=\"h-card\" translate=\"no\">");
        Open(html, Profile(username), "u-url mention", null);
        html.Append("@<span>");
        Escaped(html, username);
        html.Append("</span></a></span>");
    }

    private static void Link(StringBuilder html, ReadOnlySpan<char> address)
    {
        html.Append("<a href=\"");
        Escaped(html, address);
        html.Append("\" rel=\"nofollow noopener\" target=\"_blank\" translate=\"no\">");
        var scheme = address.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        var shown = address[scheme..];
        var cut = Math.Min(shown.Length, ShownOfLink);
        // Half of a pair is no character.
        cut -= cut < shown.Length && char.IsHighSurrogate(shown[cut - 1]) ? 1 : 0;
        Span(html, "invisible", address[..scheme]);
        Span(html, cut < shown.Length ? "ellipsis" : "", shown[..cut]);
        Span(html, "invisible", shown[cut..]);
        html.Append("</a>");
    }

    private static void Span(StringBuilder html, string name, ReadOnlySpan<char> text)
    {
        html.Append("<span class=\"").Append(name).Append("\">");
        Escaped(html, text);
        html.Append("</span>");
    }

    private static void Open(StringBuilder html, string address, string name, string? relation)
    {
        html.Append("<a href=\"");
        Escaped(html, address);
        html.Append("\" class=\"").Append(name).Append('"');
        if (relation is not null)
        {
            html.Append(" rel=\"").Append(relation).Append('"');
        }

        html.Append('>');
    }

    /// <summary>An empty line ends a paragraph; any other end of a line is one.</summary>
    private static void Plain(StringBuilder html, ReadOnlySpan<char> text)
    {
        for (var end = text.IndexOf('\n'); end >= 0; end = text.IndexOf('\n'))
        {
            Escaped(html, text[..end]);
            var lines = 1;
            while (end + lines < text.Length && text[end + lines] == '\n')
            {
                lines++;
            }

            html.Append(lines == 1 ? "<br>" : "</p><p>");
            text = text[(end + lines)..];
        }

        Escaped(html, text);
    }

    private static void Escaped(StringBuilder html, ReadOnlySpan<char> text)
    {
        foreach (var unit in text)
        {
            _ = unit switch
            {
                '&' => html.Append("&amp;"),
                '<' => html.Append("&lt;"),
                '>' => html.Append("&gt;"),
                '"' => html.Append("&quot;"),
                '\'' => html.Append("&#39;"),
                _ => html.Append(unit),
            };
        }
    }
}
