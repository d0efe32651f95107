using System.Collections.Concurrent;
using System.Diagnostics;
using Rookery.Search;
using Rookery.Search.Index;
using Xunit;

namespace Rookery.Tests.Search.Index;

/// <summary>
/// One thread writes, one merges and takes images, two read, for some seconds. Every post has the word "every"; each tenth is removed some time after it
/// came, each tenth is written anew, each tenth is withdrawn and some of these added again, and one author is hidden and shown.
/// </summary>
public sealed class PostIndexStressTests
{
    private const int Authors = 8;
    private const int HiddenAuthor = 3;
    private static readonly TimeSpan _duration = TimeSpan.FromSeconds(3);

    private static readonly SearchNode _every = new SearchNode.Term(
        TermKind.Word,
        RandomQuery.Utf8("every")
    );
    private static readonly SearchNode _ofSome = new SearchNode.All([
        _every,
        new SearchNode.Prefix(TermKind.Word, RandomQuery.Utf8("tenth")),
    ]);

    private readonly ToldWords _told = new();
    private readonly PostIndex _index;
    private readonly ConcurrentDictionary<long, bool> _removed = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    // Everything up to this id, but for what is written late, was added before; what is late stands 2,000 ids further down.
    private long _added;
    private long _hiddenSince;

    public PostIndexStressTests() =>
        _index = new PostIndex(
            new IndexLimits
            {
                LiveDocuments = 3_000,
                LateDocuments = 300,
                MergeAt = 3,
                LateAfter = 1_000,
                LargestSegment = 100_000,
            },
            _told
        );

    private bool IsOver => _clock.Elapsed > _duration;

    [Fact]
    public async Task Readers_see_order_no_removed_post_and_every_other_one_while_all_else_goes_on()
    {
        var done = await Task.WhenAll(
            Run(Write),
            Run(MergeAndTakeImages),
            Run(() => Read(_every, _ => true)),
            Run(() => Read(_ofSome, id => id % 10 == 7))
        );
        Assert.True(done[0] > 20_000, $"{done[0]} posts");
        Assert.True(done[1] > 10, $"{done[1]} merges and images");
        Assert.True(done[2] > 20 && done[3] > 20, $"{done[2]} and {done[3]} searches");
        Assert.NotEmpty(_removed);
        _told.AssertAreThoseOf(_index, "at the end");
    }

    private static Task<long> Run(Func<long> loop) =>
        Task.Factory.StartNew(
            loop,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private long Write()
    {
        var terms = new PostTerms();
        var random = new Random(1);
        var id = 0L;
        while (!IsOver)
        {
            id++;
            // Each thirteenth comes two thousand posts late.
            if (id % 13 != 0)
            {
                Add(terms, id);
            }

            if (id > 2_000 && (id - 2_000) % 13 == 0)
            {
                Add(terms, id - 2_000);
            }

            Volatile.Write(ref _added, id);
            if (id % 10 == 0 && id > 5_000)
            {
                Remove(id - (10 * random.Next(1, 500)));
            }

            if (id % 10 == 1 && id > 1_000)
            {
                Replace(terms, id - 1_000);
            }

            if (id % 10 == 3 && id > 3_000)
            {
                Withdraw(terms, id - 2_500);
            }

            if (id % 30 == 3 && id > 3_000)
            {
                Add(terms, id - 3_000);
            }

            if (id % 1_000 == 0)
            {
                HideOrShow();
            }
        }

        return id;
    }

    private void Add(PostTerms terms, long id)
    {
        Fill(terms, id);
        _index.Add(new PostId(id), AuthorOf(id), terms);
    }

    private void Replace(PostTerms terms, long id)
    {
        Fill(terms, id);
        terms.Add(TermKind.Word, "edited"u8);
        _index.Replace(new PostId(id), AuthorOf(id), terms);
    }

    private void Withdraw(PostTerms terms, long id)
    {
        Fill(terms, id);
        _index.Withdraw(new PostId(id), AuthorOf(id), terms);
    }

    private void Remove(long id)
    {
        _index.Remove(new PostId(id));
        _removed[id] = true;
    }

    private void HideOrShow()
    {
        if (_hiddenSince == 0)
        {
            _index.Hide(new AccountId(HiddenAuthor));
            Volatile.Write(ref _hiddenSince, _added);
        }
        else
        {
            Volatile.Write(ref _hiddenSince, 0);
            _index.Show(new AccountId(HiddenAuthor));
        }
    }

    private static void Fill(PostTerms terms, long id)
    {
        terms.Clear();
        terms.Add(TermKind.Word, "every"u8);
        if (id % 10 == 7)
        {
            terms.Add(TermKind.Word, id % 20 == 7 ? "tenthone"u8 : "tenthother"u8);
        }
    }

    private static AccountId AuthorOf(long id) => new(id % Authors);

    private long MergeAndTakeImages()
    {
        var rounds = 0L;
        for (; !IsOver; rounds++)
        {
            while (_index.Merge()) { }
            var image = _index.TakeImage();
            foreach (var segment in image.Segments)
            {
                AssertAscending(segment.Ids);
            }
        }

        return rounds;
    }

    private long Read(SearchNode query, Func<long, bool> matches)
    {
        var random = new Random(3);
        var searches = 0L;
        var ids = new PostId[100];
        for (; !IsOver; searches++)
        {
            var (added, hidden) = (Volatile.Read(ref _added), Volatile.Read(ref _hiddenSince));
            var page = random.Next(3) switch
            {
                0 => new Page(100),
                1 => new Page(100, MaxId: new PostId(random.NextInt64(1, added + 2))),
                _ => new Page(100, MinId: new PostId(random.NextInt64(0, added + 1))),
            };
            using var cursor = _index.Open(QueryPlan.Of(query), page);
            var before = page.FromBelow ? page.Above : long.MaxValue;
            for (var batch = 0; batch < 3 && !cursor.IsComplete; batch++)
            {
                var removed = _removed.Keys.ToHashSet();
                var found = ids.AsSpan(0, cursor.NextBatch(ids.AsSpan(0, random.Next(1, 100))));
                AssertBatch(found, page, ref before, removed, hidden);
                AssertNothingMissing(found, page, matches, added);
            }
        }

        return searches;
    }

    private void AssertBatch(
        ReadOnlySpan<PostId> found,
        Page page,
        ref long before,
        HashSet<long> removed,
        long hidden
    )
    {
        foreach (var id in found)
        {
            Assert.True(page.FromBelow ? id.Value > before : id.Value < before, "order");
            Assert.False(removed.Contains(id.Value), "a removed post");
            before = id.Value;
        }

        if (hidden != 0 && Volatile.Read(ref _hiddenSince) == hidden)
        {
            foreach (var id in found)
            {
                Assert.NotEqual(HiddenAuthor, AuthorOf(id.Value).Value);
            }
        }
    }

    /// <summary>Between the first and the last that were found, everything that is due.</summary>
    private static void AssertNothingMissing(
        ReadOnlySpan<PostId> found,
        Page page,
        Func<long, bool> matches,
        long added
    )
    {
        if (found.Length < 2)
        {
            return;
        }

        var there = found.ToArray().Select(id => id.Value).ToHashSet();
        var (low, high) = page.FromBelow
            ? (found[0].Value, found[^1].Value)
            : (found[^1].Value, found[0].Value);
        for (var id = low; id < high; id++)
        {
            // Not what is removed, withdrawn, hidden, being written anew or late.
            var isDue =
                matches(id)
                && id <= added
                && id % 10 is not (0 or 1 or 3)
                && AuthorOf(id).Value != HiddenAuthor
                && (id % 13 != 0 || id < added - 2_000);
            Assert.True(!isDue || there.Contains(id), $"{id} is missing between {low} and {high}");
        }
    }

    private static void AssertAscending(ReadOnlySpan<long> ids)
    {
        for (var i = 1; i < ids.Length; i++)
        {
            Assert.True(ids[i - 1] < ids[i]);
        }
    }
}
