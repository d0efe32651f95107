using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Rookery.Posts;

namespace Rookery.Search;

/// <summary>
/// Finds the newest public posts that have all words of a query, by reading through the recent ones. Right for every query, and bounded: what is
/// older than the newest <see cref="Reach"/> public posts below the page is not looked at, and few search at the same time.
/// </summary>
internal sealed class SearchPosts(IPosts posts, IOptions<SearchOptions> options, TimeProvider time)
    : IDisposable
{
    public const int MaxQueryLength = 500;

    /// <summary>Posts read for one page at most: about 100 ms of reading.</summary>
    private const int Reach = 20_000;

    private const int Chunk = 500;

    private readonly Turns _turns = new(options.Value.ScansAtOnce, time);

    /// <summary>Ids of matching posts, newest first. Unavailable where too many are searching already.</summary>
    public async ValueTask<Result<IReadOnlyList<PostId>>> HandleAsync(
        string query,
        Page page,
        CancellationToken token
    )
    {
        if (await _turns.EnterAsync(token) is not { } turn)
        {
            return Problem.Unavailable("Too many are searching at this moment; try again shortly.");
        }

        using (turn)
        {
            return await ScanAsync(WordsOf(query), page, token);
        }
    }

    public void Dispose() => _turns.Dispose();

    private async Task<List<PostId>> ScanAsync(
        List<string> words,
        Page page,
        CancellationToken token
    )
    {
        var found = new List<PostId>();
        var stretch = page with { Count = Chunk };
        for (var read = 0; words.Count > 0 && read < Reach; read += Chunk)
        {
            var ids = await posts.ListAsync(new PostList.Everybody(), stretch, token);
            var matching = await MatchingAsync(ids, words, token);
            if (page.FromBelow)
            {
                matching.Reverse();
            }

            found.AddRange(matching.Take(page.Count - found.Count));
            if (ids.Count < Chunk || found.Count == page.Count)
            {
                break;
            }

            stretch = page.FromBelow
                ? stretch with
                {
                    MinId = ids[0],
                }
                : stretch with
                {
                    MaxId = ids[^1],
                };
        }

        return [.. found.OrderDescending()];
    }

    private async ValueTask<List<PostId>> MatchingAsync(
        IReadOnlyList<PostId> ids,
        IReadOnlyList<string> words,
        CancellationToken token
    )
    {
        var texts = await posts.GetManyAsync(ids.ToArray(), token);
        return
        [
            .. texts
                .Where(post => HasAll(Fold(post.Text), words))
                .Select(post => post.Id)
                .OrderDescending(),
        ];
    }

    private static bool HasAll(string text, IReadOnlyList<string> words) =>
        words.All(word => Has(text, word));

    /// <summary>As a whole word; in scripts that put no spaces between words, anywhere.</summary>
    private static bool Has(string text, string word)
    {
        for (
            var at = text.IndexOf(word, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(word, at + 1, StringComparison.Ordinal)
        )
        {
            var end = at + word.Length;
            if (IsBoundary(text, at - 1, word[0]) && IsBoundary(text, end, word[^1]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBoundary(string text, int neighbour, char edge) =>
        neighbour < 0
        || neighbour >= text.Length
        || !char.IsLetterOrDigit(text[neighbour])
        || !char.IsLetterOrDigit(edge)
        || IsUnspaced(edge);

    private static bool IsUnspaced(char letter) =>
        char.GetUnicodeCategory(letter) == UnicodeCategory.OtherLetter;

    private static List<string> WordsOf(string query) =>
        [
            .. Fold(query)
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word.Trim('"', ',', '.', ';', ':', '!', '?', '(', ')'))
                .Where(word => word.Length > 0)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>Compatibility forms, case and diacritics do not matter.</summary>
    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var unit in text.Normalize(NormalizationForm.FormKD))
        {
            if (char.GetUnicodeCategory(unit) != UnicodeCategory.NonSpacingMark)
            {
                folded.Append(char.ToLowerInvariant(unit));
            }
        }

        return folded.ToString();
    }
}
