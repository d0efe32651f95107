using Rookery.Posts;
using Rookery.TestKit;

namespace Rookery.SystemTests.Searches;

/// <summary>What searches of a server find, against the oracle that reads every post.</summary>
internal sealed class SearchChecks(
    Oracle oracle,
    HashSet<AccountId> withheld,
    Random random,
    CancellationToken stop
)
{
    private const int QueriesOfEach = 3;
    private const string HasMedia = " has:media";
    private const int All = 200;

    // Of its own, so that a seed's other queries do not hang on it.
    private readonly Random _pictures = new(0);

    /// <summary>So far apart that none is taken for another that is misspelt.</summary>
    public static readonly string[] Words =
    [
        "razorbill",
        "guillemot",
        "oystercatcher",
        "kittiwake",
        "fulmar",
    ];

    public static readonly string[] Hashtags =
    [
        "colonies",
        "cliff",
        "moulting",
        "nestlings",
        "ringing",
        "estuary",
        "passage",
        "winter",
    ];

    /// <summary>Random queries by everybody and by a stranger, in one page and page after page; and what is suggested.</summary>
    public async Task AllAsync(IRunningServer server, IReadOnlyList<ClassicClient> people)
    {
        var stranger = new Caller(server.Http, null);
        foreach (var person in people.Append(null))
        {
            for (var i = 0; i < QueriesOfEach; i++)
            {
                await FindsAsync(
                    NextQuery(people),
                    person,
                    query => person?.SearchAsync(query, stop) ?? SearchAsync(stranger, query)
                );
            }
        }

        await SuggestsAsync(stranger);
    }

    /// <summary>At once, whatever it has done just now.</summary>
    public Task FindsAsync(ClassicClient person) =>
        FindsAsync(
            new Query(Words[random.Next(Words.Length)], 1),
            person,
            query => person.SearchAsync(query, stop)
        );

    private async Task FindsAsync(
        Query query,
        ClassicClient? viewer,
        Func<string, Task<Answer>> search
    )
    {
        var right = oracle
            .Posts.Reverse()
            .Where(post => query.Matches(post) && IsFound(viewer?.Id, post))
            .Select(post => post.Id)
            .ToList();
        var shown = await PageAsync(search, $"{query.Text}&count={All}");
        string About() => $"{viewer?.Username ?? "a stranger"} searches {query.Text}";
        var forbidden = shown.Where(id =>
            oracle.Find(id) is not { } post || !IsFound(viewer?.Id, post)
        );
        Promise.Same([], [.. forbidden], Promise.NothingForbidden, About);
        Promise.Same(right, shown, Promise.SearchIsTheOracles, About);

        var paged = new List<PostId>();
        for (List<PostId> page = []; ; )
        {
            var below = page.Count > 0 ? $"&max_id={page[^1]}" : "";
            page = await PageAsync(search, $"{query.Text}&count={query.Count}{below}");
            paged.AddRange(page);
            if (page.Count < query.Count)
            {
                break;
            }
        }

        Promise.Same(right, paged, Promise.PagesAreTheSet, About);
    }

    /// <summary>To a stranger: the hashtags of what it finds.</summary>
    private async Task SuggestsAsync(Caller stranger)
    {
        foreach (var hashtag in Hashtags)
        {
            var path = $"/api/v1/search_hashtags?query={hashtag[..3]}";
            var answer = await stranger.SendAsync(HttpMethod.Get, path, null, stop);
            var isSuggested = answer
                .Require(200)
                .Json.EnumerateArray()
                .Any(one => one.GetProperty("hashtag").GetString() == hashtag);
            var isThere = oracle.Posts.Any(post =>
                IsFound(null, post) && new Query($"#{hashtag}", 1).Matches(post)
            );
            Promise.Keep(
                isThere || !isSuggested,
                Promise.NothingForbidden,
                () => $"#{hashtag} is suggested, and nobody but some finds a post with it"
            );
            Promise.Keep(
                !isThere || isSuggested,
                Promise.SearchIsTheOracles,
                () => $"#{hashtag} is not suggested"
            );
        }
    }

    /// <summary>Public posts of who wants to be found, one's own, those that mention one and those that one likes; and of these what one may see.</summary>
    private bool IsFound(AccountId? viewer, OraclePost post)
    {
        var isForAll = post.Visibility == Visibility.Public && !withheld.Contains(post.Author);
        return viewer is not { } one
            ? isForAll
            : oracle.Sees(one, post)
                && (
                    isForAll
                    || post.Author == one
                    || post.Mentions.Contains(one)
                    || oracle.Likes(one, post.Id)
                );
    }

    private Query NextQuery(IReadOnlyList<ClassicClient> people)
    {
        var count = random.Next(1, 5);
        var (one, other) = (Words[random.Next(Words.Length)], Words[random.Next(Words.Length)]);
        var author = people[random.Next(people.Count)];
        var media = _pictures.Next(4) == 0 ? HasMedia : "";
        var query = random.Next(5) switch
        {
            0 => new Query($"{one} {other}", count),
            1 => new Query($"\"{one} {other}\"", count),
            2 => new Query($"{one} from:{author.Username}", count) { Author = author.Id },
            3 => new Query($"#{Hashtags[random.Next(Hashtags.Length)]}", count),
            _ => new Query(one, count),
        };
        return query with { Text = query.Text + media };
    }

    private Task<Answer> SearchAsync(Caller stranger, string query) =>
        stranger.SendAsync(HttpMethod.Get, $"/api/v1/search?query={query}", null, stop);

    private static async Task<List<PostId>> PageAsync(
        Func<string, Task<Answer>> search,
        string query
    )
    {
        var escaped = query
            .Replace("#", "%23", StringComparison.Ordinal)
            .Replace("\"", "%22", StringComparison.Ordinal)
            .Replace(" ", "%20", StringComparison.Ordinal);
        return [.. Entry.Many((await search(escaped)).Require(200)).Select(entry => entry.Id)];
    }

    /// <param name="Count">Posts of a page.</param>
    private sealed record Query(string Text, int Count)
    {
        public AccountId? Author { get; init; }

        /// <summary>As who reads the post sees it.</summary>
        public bool Matches(OraclePost post)
        {
            var words = Text.Replace(HasMedia, "", StringComparison.Ordinal).Split(" from:")[0];
            var text = $" {post.Warning} {post.Text} ";
            return (Author is not { } author || post.Author == author)
                && (post.HasMedia || !Text.EndsWith(HasMedia, StringComparison.Ordinal))
                && (
                    words.StartsWith('"')
                        ? text.Contains($" {words.Trim('"')} ", StringComparison.Ordinal)
                        : words
                            .Split(' ')
                            .All(word => text.Contains($" {word} ", StringComparison.Ordinal))
                );
        }
    }
}
