using System.Text;

namespace Rookery.Search;

internal enum SortOrder
{
    /// <summary>Newest first.</summary>
    Latest = 0,

    /// <summary>The most liked, reposted and answered first.</summary>
    Top = 1,
}

/// <summary>What was not done as it was written. Answers say it by these names.</summary>
[Flags]
internal enum QueryRemarks
{
    None = 0,

    /// <summary>The query has more than <see cref="ParseQuery.MaxLeaves"/> parts; the rest was left out.</summary>
    PartsLeftOut = 1,

    /// <summary>Parentheses deeper than <see cref="ParseQuery.MaxNesting"/> were ignored.</summary>
    NestingIgnored = 2,

    /// <summary>Something with a colon is no operator, or its value cannot be read; it was searched as words.</summary>
    OperatorAsWords = 4,

    /// <summary>A part that only excludes was left out: nearly every post would be found.</summary>
    OnlyExclusions = 8,

    /// <summary>A quotation or parenthesis did not end.</summary>
    Unclosed = 16,
}

/// <summary>A query as somebody wrote it, read.</summary>
/// <param name="Root">What to find; <see cref="SearchNode.Nothing"/> where the query says nothing that can be found.</param>
internal sealed record SearchQuery(SearchNode Root, SortOrder Sort, QueryRemarks Remarks)
{
    /// <summary>The parts that count, in the order in which they were written.</summary>
    internal required IReadOnlyList<QueryPart> Parts { get; init; }

    /// <summary>The query in one spelling. Reading that gives the same query.</summary>
    public string ToText() => ToText(_ => null);

    /// <summary>The query with other words in the place of some: a corrected query, to be shown and read again.</summary>
    /// <param name="correct">For a word's term what to write in its place, or null to leave the word as it is.</param>
    public string ToText(Func<SearchNode.Term, string?> correct)
    {
        var text = new StringBuilder();
        QueryPart? before = null;
        foreach (var part in Parts)
        {
            text.Append(Hugs(before, part) ? "" : " ");
            text.Append(part.IsExcluded ? "-" : "");
            text.Append(part.Leaf is SearchNode.Term term ? correct(term) ?? part.Text : part.Text);
            before = part;
        }

        if (Sort == SortOrder.Top)
        {
            text.Append(text.Length > 0 ? " sort:top" : "sort:top");
        }

        return text.ToString();
    }

    // A link would go on with a parenthesis where it has opened one, of either width.
    private static bool Hugs(QueryPart? before, QueryPart part) =>
        before is not { } earlier
        || (earlier.Leaf is null && earlier.Text == "(")
        || (
            part == QueryPart.Close
            && !(earlier.Leaf is not null && earlier.Text.AsSpan().ContainsAny('(', '（'))
        );
}

/// <summary>A part of a query: a word, a phrase, an operator, OR or a parenthesis.</summary>
/// <param name="Text">In its canonical spelling, without the sign that excludes.</param>
/// <param name="Leaf">What it searches; null for OR and parentheses.</param>
internal readonly record struct QueryPart(string Text, bool IsExcluded, SearchNode? Leaf)
{
    public static QueryPart Or => new("OR", false, null);
    public static QueryPart Close => new(")", false, null);

    public static QueryPart Open(bool isExcluded) => new("(", isExcluded, null);
}
