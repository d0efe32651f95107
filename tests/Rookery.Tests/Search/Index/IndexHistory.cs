using System.Globalization;
using System.Text;
using Rookery.Search;
using Rookery.Search.Index;
using Xunit;

namespace Rookery.Tests.Search.Index;

/// <summary>One random history of an index, beside a list of posts that is read through for every query.</summary>
internal sealed class IndexHistory(int seed, IndexLimits limits, int words = IndexHistory.Words)
{
    public const int Authors = 6;

    public const int Words = 40;

    private readonly Random _random = new(seed);
    private readonly PostTerms _terms = new();
    private readonly Dictionary<long, Written> _posts = [];
    private readonly HashSet<long> _removed = [];
    private readonly HashSet<long> _hidden = [];
    private readonly HashSet<long> _withdrawn = [];
    private ToldWords _told = new();
    private long _clock = Snowflake.Compose(1_000_000, 0, 0, 0);

    public PostIndex Index
    {
        get => field ??= new(limits, _told);
        private set;
    }

    public RandomQuery Queries { get; } = new(new Random(seed + 1), words, Authors);

    public int Alive => _posts.Values.Count(IsAlive);

    public void Step()
    {
        switch (_random.Next(100))
        {
            case < 70:
                Add(NewId());
                break;
            case < 76:
                Add(KnownId());
                break;
            case < 78:
                Withdraw(KnownId());
                break;
            case < 86:
                Remove(_random.Next(4) == 0 ? NewId() : KnownId());
                break;
            case < 92:
                Replace(_random.Next(4) == 0 ? NewId() : KnownId());
                break;
            case < 94:
                Hide(_random.Next(Authors));
                break;
            case < 97:
                Show(_random.Next(Authors));
                break;
            default:
                Index.Merge();
                break;
        }
    }

    /// <summary>Nothing stays in the index but what is there.</summary>
    public void StepWithoutRemovals()
    {
        switch (_random.Next(100))
        {
            case < 60:
                Add(NewId());
                break;
            case < 80:
                Withdraw(KnownId());
                break;
            case < 88:
                Add(_withdrawn.FirstOrDefault(KnownId()));
                break;
            case < 92:
                Hide(_random.Next(Authors));
                break;
            case < 96:
                Show(_random.Next(Authors));
                break;
            default:
                Index.Merge();
                break;
        }
    }

    /// <summary>Many at once, in about their order.</summary>
    public void Fill(int posts)
    {
        for (var i = 0; i < posts; i++)
        {
            Add(NewId());
        }
    }

    public void Restart(IndexImage image)
    {
        _told = new ToldWords();
        Index = PostIndex.Of(image, limits, _told);
    }

    public void AssertTold() => _told.AssertAreThoseOf(Index, $"seed {seed}");

    /// <summary>After steps without removals: every word is in as many posts as the index says.</summary>
    public void AssertCounts()
    {
        for (var word = 0; word < words; word++)
        {
            var text = RandomQuery.NameOf(word);
            Assert.Equal(
                (seed, text, _posts.Values.Count(post => post.Has(TermKind.Word, text))),
                (seed, text, (int)Index.CountOf(TermKind.Word, Encoding.UTF8.GetBytes(text)))
            );
        }
    }

    /// <summary>A random query, a page from either end, against the truth.</summary>
    public void AssertPage()
    {
        var query = Queries.Next(_posts.Keys);
        var page = NextPage();
        var (found, complete) = Read(query, page, page.Count, PostIndex.UsualWork);
        var expected = Expected(query, page);
        Assert.True(
            expected.SequenceEqual(found),
            $"seed {seed}: {query} {page}\nexpected {string.Join(' ', expected)}\nfound    {string.Join(' ', found)}"
        );
        Assert.True(complete || found.Count == page.Count);
    }

    /// <summary>All pages of a query with hardly any work allowed for each, one after another.</summary>
    public void AssertChain()
    {
        var query = Queries.Next(_posts.Keys);
        var up = _random.Next(2) == 0;
        var page = new Page(_random.Next(1, 20), MinId: up ? new PostId(0) : null);
        var all = new List<long>();
        for (var rounds = 0; ; rounds++)
        {
            using var cursor = Index.Open(QueryPlan.Of(query), page, work: 1);
            var ids = new PostId[page.Count];
            var found = cursor.NextBatch(ids);
            all.AddRange(
                ids.Take(found).Select(id => id.Value).Where(id => Matches(_posts[id], query))
            );
            if (cursor.IsComplete)
            {
                break;
            }

            Assert.True(rounds < 10_000, $"seed {seed}: {query} does not end");
            var before = up ? page.MinId : page.MaxId;
            page = up ? page with { MinId = cursor.Reached } : page with { MaxId = cursor.Reached };
            Assert.NotEqual(before, cursor.Reached);
        }

        var expected = Expected(query, new Page(int.MaxValue));
        if (up)
        {
            expected.Reverse();
        }

        Assert.True(expected.SequenceEqual(all), $"seed {seed}: {query} up {up}");
    }

    private (List<long> Ids, bool Complete) Read(SearchNode query, Page page, int count, long work)
    {
        using var cursor = Index.Open(QueryPlan.Of(query), page, work);
        var found = new List<long>();
        var batch = new PostId[Math.Max(1, count)];
        while (found.Count < count && !cursor.IsComplete)
        {
            var read = cursor.NextBatch(batch.AsSpan(0, Math.Max(1, count - found.Count)));
            var ids = batch.Take(read).Select(id => id.Value);
            found.AddRange(cursor.NeedsTexts ? ids.Where(id => Matches(_posts[id], query)) : ids);
        }

        if (page.FromBelow)
        {
            found.Reverse();
        }

        return (found, cursor.IsComplete);
    }

    private List<long> Expected(SearchNode query, Page page)
    {
        var matching = _posts
            .Where(post => post.Key < page.Below && post.Key > page.Above)
            .Where(post => IsAlive(post.Value) && Matches(post.Value, query))
            .Select(post => post.Key)
            .Order()
            .ToList();
        var skipped = page.FromBelow ? 0 : Math.Max(0, matching.Count - page.Count);
        var taken = matching.Skip(skipped).Take(page.Count).ToList();
        taken.Reverse();
        return taken;
    }

    private bool IsAlive(Written post) => !_hidden.Contains(post.Author);

    private static bool Matches(Written post, SearchNode query) =>
        query switch
        {
            SearchNode.Term term => post.Has(term.Kind, term.Text.ToString()),
            SearchNode.Prefix prefix => post.HasStart(prefix.Kind, prefix.Text.ToString()),
            SearchNode.Phrase phrase => $" {post.Text} ".Contains(
                $" {phrase.Folded} ",
                StringComparison.Ordinal
            ),
            SearchNode.All all => all.Nodes.All(node => Matches(post, node)),
            SearchNode.Any any => any.Nodes.Any(node => Matches(post, node)),
            SearchNode.Not not => !Matches(post, not.Node),
            SearchNode.Ids ids => post.Id >= ids.From.Value && post.Id < ids.To.Value,
            SearchNode.OneOf one => one.Sorted.Contains(new PostId(post.Id)),
            _ => false,
        };

    private Page NextPage()
    {
        PostId? Bound() =>
            _random.Next(3) == 0 ? new PostId(KnownId() + _random.Next(-1, 2)) : null;
        return new Page(_random.Next(1, 60), Bound(), Bound(), Bound());
    }

    private void Add(long id)
    {
        var post = Write(id);
        var added = Index.Add(new PostId(id), new AccountId(post.Author), Analyze(post));
        Assert.Equal(!_removed.Contains(id) && _posts.TryAdd(id, post), added);
        _withdrawn.Remove(id);
    }

    private void Replace(long id)
    {
        var post = Write(id);
        if (_posts.TryGetValue(id, out var old))
        {
            post = post with { Author = old.Author };
        }

        Assert.Equal(
            !_removed.Contains(id),
            Index.Replace(new PostId(id), new AccountId(post.Author), Analyze(post))
        );
        if (!_removed.Contains(id))
        {
            _posts[id] = post;
        }
    }

    private void Remove(long id)
    {
        _removed.Add(id);
        Assert.Equal(_posts.Remove(id), Index.Remove(new PostId(id)));
    }

    private void Withdraw(long id)
    {
        var isThere = _posts.Remove(id, out var post);
        post ??= Write(id);
        if (isThere)
        {
            _withdrawn.Add(id);
        }

        Assert.Equal(
            isThere,
            Index.Withdraw(new PostId(id), new AccountId(post.Author), Analyze(post))
        );
    }

    private void Hide(long author)
    {
        _hidden.Add(author);
        Index.Hide(new AccountId(author));
    }

    private void Show(long author)
    {
        _hidden.Remove(author);
        Index.Show(new AccountId(author));
    }

    /// <summary>Mostly a little after the last, at times minutes or days before, or from a clock that is ahead.</summary>
    private long NewId()
    {
        const int Minute = 60_000;
        _clock += Snowflake.Compose(_random.Next(2_000), _random.Next(4), 0, 0);
        return _clock
            + _random.Next(20) switch
            {
                0 => -Snowflake.Compose(_random.Next(Minute * 8), 0, 0, 1),
                1 => Snowflake.Compose(_random.Next(Minute * 2), 0, 0, 2),
                < 6 => -Snowflake.Compose(_random.Next(5_000), 0, 0, 3),
                _ => 0,
            };
    }

    private long KnownId() =>
        _posts.Count == 0 ? NewId() : _posts.Keys.ElementAt(_random.Next(_posts.Count));

    private Written Write(long id)
    {
        var text = new StringBuilder();
        for (var i = _random.Next(1, 8); i > 0; i--)
        {
            text.Append(RandomQuery.WordOf(_random, words)).Append(i > 1 ? " " : "");
        }

        return new Written(id, _random.Next(Authors), text.ToString());
    }

    private PostTerms Analyze(Written post)
    {
        _terms.Clear();
        var writer = _terms.Writer;
        foreach (var word in post.Text.Split(' '))
        {
            writer.Add(TermKind.Word, Encoding.UTF8.GetBytes(word));
        }

        return _terms;
    }

    private sealed record Written(long Id, long Author, string Text)
    {
        private readonly string[] _words = Text.Split(' ');

        public bool Has(TermKind kind, string term) =>
            kind switch
            {
                TermKind.Word => _words.Contains(term, StringComparer.Ordinal),
                TermKind.Author => Author.ToString(CultureInfo.InvariantCulture) == term,
                _ => false,
            };

        public bool HasStart(TermKind kind, string start) =>
            kind == TermKind.Word
            && _words.Any(word => word.StartsWith(start, StringComparison.Ordinal));
    }
}
