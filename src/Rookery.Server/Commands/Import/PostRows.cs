using System.Net;
using System.Security.Cryptography;
using System.Text;
using Rookery.Posts;

namespace Rookery.Server.Commands.Import;

/// <summary>A row that can become a post as soon as its author has an account.</summary>
internal sealed record PostDraft(
    long Line,
    string User,
    DateTimeOffset Date,
    PostText Text,
    IReadOnlyList<string> Keys
);

/// <summary>Checks rows as far as that needs no store.</summary>
internal sealed class PostRows(PostsOptions options, DateTimeOffset now)
{
    /// <summary>
    /// In UTF-16 units, ten times what a new post may have characters. Longer texts are refused: a rendered post must stay small against the memory
    /// that posts are kept in.
    /// </summary>
    public const int MaxUnits = 5_000;

    // A link counts 23 however short it is, so a text may count more characters than it has units.
    private const int NoLimit = 10 * MaxUnits;

    private readonly Dictionary<string, int> _occurrences = new(StringComparer.Ordinal);

    public int MaxMentions => options.MaxMentions;

    /// <summary>Texts that a new post could not have.</summary>
    public long Longer { get; private set; }

    /// <summary>The draft, or null where the row is refused.</summary>
    public PostDraft? Draft(SourceRow row, RefusedRows refused)
    {
        if (row.Refusal is not null)
        {
            refused.Add(row.Line, row.Refusal);
            return null;
        }

        var user = (row.User ?? "").Trim().TrimStart('@');
        if (user.Length == 0)
        {
            refused.Add(row.Line, "the author is missing");
            return null;
        }

        return DateOf(row, refused) is { } date && TextOf(row, refused) is { } text
            ? new PostDraft(row.Line, user, date, text, KeysOf(row, user))
            : null;
    }

    private DateTimeOffset? DateOf(SourceRow row, RefusedRows refused)
    {
        if (!ImportDate.TryParse(row.Date, out var date))
        {
            refused.Add(
                row.Line,
                $"the date cannot be read; it may be {ImportDate.Right}",
                $"\"{Shown(row.Date)}\""
            );
            return null;
        }

        if (date >= Snowflake.Epoch && date <= now)
        {
            return date;
        }

        refused.Add(row.Line, "the date is before 2006 or in the future", $"\"{Shown(row.Date)}\"");
        return null;
    }

    private PostText? TextOf(SourceRow row, RefusedRows refused)
    {
        var raw = WebUtility.HtmlDecode(row.Text ?? "");
        if (raw.Length > MaxUnits)
        {
            refused.Add(
                row.Line,
                $"the text has more than {MaxUnits} UTF-16 units",
                $"{raw.Length}"
            );
            return null;
        }

        var text = PostText.Create(raw, "text", NoLimit);
        if (!text.Succeeded)
        {
            refused.Add(row.Line, "the text is empty or not well-formed");
            return null;
        }

        Longer += text.Value.Length > options.MaxLength ? 1 : 0;
        return text.Value;
    }

    /// <summary>The file's own names for the post. Where it has none, what it says and how often it has said it before.</summary>
    private List<string> KeysOf(SourceRow row, string user)
    {
        var keys = new List<string>();
        if (!string.IsNullOrWhiteSpace(row.Url))
        {
            keys.Add($"url:{row.Url.Trim()}");
        }

        // With its author: two exports may both have numbered their posts from 1.
        if (!string.IsNullOrWhiteSpace(row.Id))
        {
            keys.Add($"id:{user.ToLowerInvariant()}:{row.Id.Trim()}");
        }

        if (keys.Count == 0)
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{user}\n{row.Date}\n{row.Text}"));
            var said = Convert.ToHexStringLower(hash.AsSpan(0, 16));
            var before = _occurrences.GetValueOrDefault(said);
            _occurrences[said] = before + 1;
            keys.Add($"text:{said}:{before}");
        }

        return keys;
    }

    private static string Shown(string? text) =>
        text is not { Length: > 40 } ? text ?? "" : $"{text.AsSpan(0, 40)}…";
}
