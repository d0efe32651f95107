using System.Collections.Concurrent;
using Rookery.Accounts;
using Rookery.Search.Index;

namespace Rookery.Search;

/// <summary>
/// The names of all accounts, handles and display names, found by words that begin so. Of the many that may match, those with the most followers come
/// first. One writer; any number of readers.
/// </summary>
internal sealed class AccountNames
{
    /// <summary>Accounts that one search looks at: some 5 ms.</summary>
    private const long Work = PostIndex.UsualWork;

    private const int Batch = 128;

    private readonly PostIndex _index = new(
        new IndexLimits { LiveDocuments = 8 * 1024, LateDocuments = 2 * 1024 }
    );

    private readonly ConcurrentDictionary<AccountId, Known> _known = new();
    private readonly PostAnalyzer _analyzer = new();
    private readonly PostTerms _terms = new();

    public int Count => _known.Count;

    /// <summary>As it is called now.</summary>
    public void Put(AccountCard card)
    {
        _index.Show(card.Id);
        var names = HashCode.Combine(card.Username, card.DisplayName);
        var isCalledSo = _known.TryGetValue(card.Id, out var known) && known.Names == names;
        _known[card.Id] = new Known(card.Counts.Followers, names);
        if (isCalledSo)
        {
            return;
        }

        _terms.Clear();
        var sink = _terms.Writer;
        var post = new SearchablePost
        {
            Id = new PostId(card.Id.Value),
            Author = card.Id,
            Text = $"{card.DisplayName} {card.Username}",
        };
        _analyzer.Analyze(post, ref sink);
        _terms.Add(TermKind.Mention, Utf8Term.Of(card.Username.ToLowerInvariant()).Bytes);
        _index.Replace(post.Id, card.Id, _terms);
    }

    /// <summary>How many follow it now, whatever it is called. Any thread may call.</summary>
    public void NoteFollowers(AccountCard card)
    {
        if (_known.TryGetValue(card.Id, out var known))
        {
            _known.TryUpdate(card.Id, known with { Followers = card.Counts.Followers }, known);
        }
    }

    /// <summary>It is found no longer, until it is put again: it may have been suspended.</summary>
    public void Remove(AccountId account)
    {
        _known.TryRemove(account, out _);
        _index.Hide(account);
    }

    public bool Merge() => _index.Merge();

    /// <summary>Those among them that are not in <paramref name="standing"/>: they are gone.</summary>
    public IReadOnlyList<AccountId> Without(IReadOnlySet<AccountId> standing) =>
        [.. _known.Keys.Where(account => !standing.Contains(account))];

    /// <summary>
    /// Accounts of whose handle <paramref name="text"/> is the beginning, or whose names have all of its words, the last of which may go on.
    /// </summary>
    /// <param name="among">Only of these; null: of all.</param>
    public IReadOnlyList<AccountId> Find(
        string text,
        int most,
        IReadOnlySet<AccountId>? among = null
    )
    {
        if (NodeOf(text) is not { } node)
        {
            return [];
        }

        using var cursor = _index.Open(QueryPlan.Of(node), new Page(Batch), Work);
        // The least followed of the best on top, to be put out first.
        var best = new PriorityQueue<AccountId, (long Followers, long Newness)>();
        var batch = new PostId[Batch];
        for (int count; (count = cursor.NextBatch(batch)) > 0; )
        {
            foreach (var id in batch.AsSpan(0, count))
            {
                var account = new AccountId(id.Value);
                if (
                    among?.Contains(account) is not false
                    && _known.TryGetValue(account, out var known)
                )
                {
                    best.Enqueue(account, (known.Followers, -account.Value));
                }

                if (best.Count > most)
                {
                    best.Dequeue();
                }
            }
        }

        var found = new List<AccountId>(best.Count);
        while (best.TryDequeue(out var account, out _))
        {
            found.Add(account);
        }

        found.Reverse();
        return found;
    }

    private static SearchNode? NodeOf(string text)
    {
        var words = new QueryTerms().Prefix(text) switch
        {
            // Names are short: that all its words are there says enough.
            SearchNode.Phrase phrase => SearchNodes.All([.. phrase.Terms]),
            SearchNode.All all => SearchNodes.All([
                .. all.Nodes.SelectMany(node =>
                    node is SearchNode.Phrase phrase
                        ? phrase.Terms
                        : (IEnumerable<SearchNode>)[node]
                ),
            ]),
            var other => other,
        };
        // Whatever a handle begins with could be one.
        var handle = Handle.Standing(text) is { } begun
            ? new SearchNode.Prefix(TermKind.Mention, Utf8Term.Of(begun.Folded))
            : null;
        return (words, handle) switch
        {
            (null, null) => null,
            (null, _) => handle,
            (_, null) => words,
            _ => SearchNodes.Any([words, handle]),
        };
    }

    private readonly record struct Known(long Followers, int Names);
}
