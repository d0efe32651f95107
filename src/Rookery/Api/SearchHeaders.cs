using Microsoft.AspNetCore.Http;
using Rookery.Search;

namespace Rookery.Api;

/// <summary>What an answer to a search says beside what was found; every API says it in the same headers.</summary>
internal static class SearchHeaders
{
    /// <summary>The query that was searched instead, percent-encoded: the one that was asked finds nothing, and has a misspelt word. Quoted, a word is searched as it is.</summary>
    public const string Instead = "Rookery-Searched-Instead";

    /// <summary>The query that may have been meant, percent-encoded, where the one that was asked finds something and was searched.</summary>
    public const string Suggestion = "Rookery-Did-You-Mean";

    /// <summary>The answer may lack posts.</summary>
    public const string Partial = "Rookery-Partial";

    /// <summary>The page ended before it was full because a search may not look at more: the id to go on from, as one goes on from the last post of a page.</summary>
    public const string SearchedTo = "Rookery-Searched-To";

    /// <summary>Something of the query was not done as it was written: which of <see cref="QueryRemarks"/>.</summary>
    public const string Remarks = "Rookery-Query-Remarks";

    /// <summary>All of them, for programs in pages of other sites.</summary>
    public const string Names = $"{Instead}, {Suggestion}, {Partial}, {SearchedTo}, {Remarks}";

    public static void Say(HttpResponse response, PreparedSearch prepared, FoundPage page)
    {
        var headers = response.Headers;
        if (prepared.Instead is { } instead)
        {
            headers[Instead] = Uri.EscapeDataString(instead);
        }

        if (prepared.Suggestion is { } suggestion)
        {
            headers[Suggestion] = Uri.EscapeDataString(suggestion);
        }

        if (prepared.Query.Remarks != QueryRemarks.None)
        {
            headers[Remarks] = prepared.Query.Remarks.ToString();
        }

        if (page.Reached is { } reached)
        {
            headers[SearchedTo] = reached.ToString();
        }

        SayPartial(response, page.IsPartial);
    }

    public static void SayPartial(HttpResponse response, bool isPartial)
    {
        if (isPartial)
        {
            response.Headers[Partial] = "true";
        }
    }
}
