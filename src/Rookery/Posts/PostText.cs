using System.Globalization;
using System.Text;

namespace Rookery.Posts;

/// <summary>
/// The text of a post as it is stored and shown: NFC, trimmed, well-formed, within the limit, and not empty unless there is something else to see;
/// with what is named in it.
/// </summary>
internal sealed class PostText
{
    /// <summary>What a link counts, however long it is.</summary>
    public const int LinkLength = 23;

    /// <summary>
    /// Storage per character of the limit, in UTF-16 units. Room for families of emoji (11) and long links; without it
    /// one letter could carry a million marks and still count as one.
    /// </summary>
    public const int UnitsPerCharacter = 20;

    private PostText(string text, int length, IReadOnlyList<TextEntity> entities)
    {
        Text = text;
        Length = length;
        Entities = entities;
        Mentions = Named(TextEntityKind.Mention, span => span[1..].ToString().ToLowerInvariant());
        Hashtags = Named(TextEntityKind.Hashtag, span => Hashtag.Fold(span[1..]));
        Links = Named(TextEntityKind.Link, span => span.ToString());
    }

    private delegate string NameOf(ReadOnlySpan<char> entity);

    public string Text { get; }

    /// <summary>In extended grapheme clusters, a link counting <see cref="LinkLength"/>.</summary>
    public int Length { get; }

    /// <summary>What was recognised, in order and without overlap; places are in UTF-16 units of <see cref="Text"/>.</summary>
    public IReadOnlyList<TextEntity> Entities { get; }

    /// <summary>Folded handles without @, distinct, in order.</summary>
    public IReadOnlyList<string> Mentions { get; }

    /// <summary>Folded tags without #, distinct, in order.</summary>
    public IReadOnlyList<string> Hashtags { get; }

    /// <summary>As written, distinct, in order.</summary>
    public IReadOnlyList<string> Links { get; }

    public static Result<PostText> Create(
        string? raw,
        string field,
        int maxLength,
        bool mayBeEmpty = false
    )
    {
        if (raw is not null && UnicodeText.HasLoneSurrogate(raw))
        {
            return Problem.Invalid(
                field,
                "The text holds half of a surrogate pair; it must be well-formed Unicode."
            );
        }

        var text = Clean(raw ?? "");
        if (UnicodeText.IsBlank(text))
        {
            return mayBeEmpty
                ? new PostText("", 0, [])
                : Problem.Invalid(
                    field,
                    $"The text is empty; it must be 1 to {maxLength} characters."
                );
        }

        // Before normalisation, which sorts the marks on one letter in more than linear time.
        return text.Length > (long)maxLength * UnitsPerCharacter
            ? TooLong(text, field, maxLength)
            : Measured(text.Normalize(), field, maxLength);
    }

    private static Result<PostText> Measured(string text, string field, int maxLength)
    {
        var entities = TextEntities.Find(text);
        var length = LengthOf(text, entities);
        return length > maxLength
            ? TooLong(length, field, maxLength)
            : new PostText(text, length, entities);
    }

    private static Problem TooLong(string text, string field, int maxLength)
    {
        var length = LengthOf(text, TextEntities.Find(text));
        return length > maxLength
            ? TooLong(length, field, maxLength)
            : Problem.Invalid(
                field,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The text takes {text.Length} UTF-16 units; at most {maxLength * UnitsPerCharacter} are allowed for its {length} characters."
                )
            );
    }

    private static Problem TooLong(int length, string field, int maxLength) =>
        Problem.Invalid(
            field,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The text is {length} characters long; at most {maxLength} are allowed (a link counts {LinkLength})."
            )
        );

    private static int LengthOf(ReadOnlySpan<char> text, List<TextEntity> entities)
    {
        var (length, at) = (0, 0);
        foreach (var link in entities)
        {
            if (link.Kind == TextEntityKind.Link)
            {
                length += UnicodeText.CountClusters(text[at..link.Start]) + LinkLength;
                at = link.End;
            }
        }

        return length + UnicodeText.CountClusters(text[at..]);
    }

    // Line ends become \n; other control characters go, and U+FFFE, which nothing can normalise.
    private static string Clean(string raw)
    {
        var clean = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '\r')
            {
                clean.Append('\n');
                i += i + 1 < raw.Length && raw[i + 1] == '\n' ? 1 : 0;
            }
            else if (raw[i] is '\n' or '\t' || !IsRemoved(raw[i]))
            {
                clean.Append(raw[i]);
            }
        }

        return clean.ToString().Trim();
    }

    private static bool IsRemoved(char unit) =>
        char.IsControl(unit) || unit == UnicodeText.NotACharacter;

    private List<string> Named(TextEntityKind kind, NameOf nameOf)
    {
        var names = new List<string>();
        foreach (var entity in Entities)
        {
            var name = entity.Kind == kind ? nameOf(entity.In(Text)) : null;
            if (name is not null && !names.Contains(name))
            {
                names.Add(name);
            }
        }

        return names;
    }
}
