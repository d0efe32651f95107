using System.Globalization;

namespace Rookery.Api;

/// <summary>
/// The fields of a request as Mastodon reads them: what is empty or no value of its kind counts as not given, what is too large is cut to the most, and of
/// several values the last one is taken. Only what an endpoint cannot do without is asked for as <see cref="RequestFields"/> does.
/// </summary>
internal sealed class LenientFields(RequestFields fields)
{
    /// <summary>What was sent, blank or not; null where nothing readable was.</summary>
    public string? Text(string name) =>
        TextOf(fields.Sent(name)) is { Length: > 0 } text ? text : null;

    /// <summary>False for <c>false</c>, <c>0</c>, <c>f</c> and <c>off</c> in any case; true for anything else that is not blank.</summary>
    public bool Flag(string name) =>
        Text(name)?.Trim() is { Length: > 0 } text
        && text.ToLowerInvariant() is not ("false" or "0" or "f" or "off");

    /// <summary>A positive number, at most <paramref name="max"/>.</summary>
    public int Limit(string name, int otherwise, int max) =>
        Number(name) is { } number and > 0 ? (int)Math.Min(number, max) : otherwise;

    /// <summary>Zero where nothing is given, or what is no number or less.</summary>
    public int Offset(string name) => (int)Math.Clamp(Number(name) ?? 0, 0, int.MaxValue);

    /// <summary>An id that something is compared with: there need be nothing that has it, and one that is too large for any is larger than all.</summary>
    public PostId? Cursor(string name) =>
        Number(name) is { } number ? new PostId(Math.Max(0, number)) : null;

    /// <summary><c>limit</c>, <c>max_id</c>, <c>since_id</c> and <c>min_id</c>.</summary>
    public Page Page(int count, int max) =>
        new(Limit("limit", count, max), Cursor("max_id"), Cursor("since_id"), Cursor("min_id"));

    /// <summary>Each once; what is no id is left out, and so is what is beyond the most.</summary>
    public IReadOnlyList<AccountId> Accounts(string name, int most)
    {
        var value = fields.Sent(name);
        return
        [
            .. (value.Items ?? [value])
                .Select(item => NumberIn(TextOf(item)))
                .OfType<long>()
                .Where(number => number > 0)
                .Select(number => new AccountId(number))
                .Distinct()
                .Take(most),
        ];
    }

    /// <summary>Each once; what is no text is left out, and so is what is beyond the most.</summary>
    public IReadOnlyList<string> Texts(string name, int most)
    {
        var value = fields.Sent(name);
        return
        [
            .. (value.Items ?? [value])
                .Select(item => TextOf(item))
                .OfType<string>()
                .Where(text => text.Length > 0)
                .Distinct(StringComparer.Ordinal)
                .Take(most),
        ];
    }

    /// <summary>Null where nothing is given; an account that there never is for what is no id.</summary>
    public AccountId? Account(string name) =>
        Text(name) is null ? null : new AccountId(Math.Max(0, Number(name) ?? 0));

    /// <summary>A whole number; one beyond what 64 bits hold is the largest or the smallest that they do.</summary>
    private long? Number(string name) => NumberIn(Text(name));

    private static long? NumberIn(string? sent)
    {
        var text = sent.AsSpan().Trim();
        var digits = text.StartsWith('-') ? text[1..] : text;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        return long.TryParse(
                text,
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var number
            )
                ? number
            : text.StartsWith('-') ? long.MinValue
            : long.MaxValue;
    }

    /// <summary>Null for what is no single value.</summary>
    public static string? TextOf(in FieldValue value) =>
        value.Kind switch
        {
            FieldKind.Text or FieldKind.Number => value.Text.ToString(),
            FieldKind.True => "true",
            FieldKind.False => "false",
            FieldKind.List when value.Items is { Count: > 0 } items => TextOf(items[^1]),
            _ => null,
        };
}
