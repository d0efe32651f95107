using System.Text;
using Rookery.Search;
using Rookery.Search.Index;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Search.Index;

public sealed class PostIndexTests
{
    private static readonly AccountId _alice = new(1);
    private static readonly AccountId _bob = new(2);

    private readonly PostIndex _index = new(
        new IndexLimits { LiveDocuments = 2_048, LateDocuments = 512 }
    );
    private readonly PostTerms _terms = new();

    [Fact]
    public void A_removal_that_comes_before_its_post_keeps_it_out()
    {
        Assert.False(_index.Remove(new PostId(7)));
        Assert.False(Add(7, _alice, "bird"));
        Assert.Empty(Find("bird"));
    }

    [Fact]
    public void A_removed_post_does_not_come_back_when_it_is_delivered_again_or_edited()
    {
        Add(7, _alice, "bird");
        Assert.True(_index.Remove(new PostId(7)));
        Assert.False(Add(7, _alice, "bird"));
        Assert.False(_index.Replace(new PostId(7), _alice, Terms("bird")));
        Assert.Empty(Find("bird"));
    }

    [Fact]
    public void A_post_that_comes_twice_is_there_once_with_what_it_had_first()
    {
        Assert.True(Add(7, _alice, "bird nest"));
        Assert.False(Add(7, _alice, "bird egg"));
        Assert.Equal([7], Find("bird"));
        Assert.Equal([7], Find("nest"));
        Assert.Empty(Find("egg"));
    }

    [Fact]
    public void An_edited_post_is_found_by_its_new_words_alone()
    {
        Add(7, _alice, "bird nest");
        Assert.True(_index.Replace(new PostId(7), _alice, Terms("bird egg")));
        Assert.Equal([7], Find("bird"));
        Assert.Equal([7], Find("egg"));
        Assert.Empty(Find("nest"));
    }

    [Fact]
    public void A_hidden_authors_posts_are_away_those_to_come_too_and_return()
    {
        Add(1, _alice, "bird");
        Add(2, _bob, "bird");
        _index.Hide(_alice);
        Add(3, _alice, "bird");
        _index.Remove(new PostId(1));
        Assert.Equal([2], Find("bird"));
        _index.Show(_alice);
        Assert.Equal([3, 2], Find("bird"));
    }

    [Fact]
    public void A_clock_that_is_years_ahead_does_not_keep_the_posts_after_it_late_for_ever()
    {
        Add(Snowflake.Compose(2_000_000_000_000, 0, 0, 0), _alice, "bird");
        var from = Snowflake.Compose(600_000_000_000, 0, 0, 0);
        for (var i = 1; i <= 2_000; i++)
        {
            Add(from + i, _alice, "bird");
        }

        Assert.Equal(2_001, _index.Measure().Posts);
        Assert.InRange(_index.View.Live.Count, 1_000, 2_048);
        Assert.Equal([from + 2_000, from + 1_999], Find("bird")[1..3]);
    }

    [Fact]
    public void Removed_posts_give_their_memory_back_when_they_are_merged_away()
    {
        Fill(8_192, i => $"bird word{i}");
        while (_index.Merge()) { }
        var before = _index.Measure();
        for (var id = 1; id <= 6_000; id++)
        {
            _index.Remove(new PostId(id));
        }

        while (_index.Merge()) { }
        var after = _index.Measure();
        Assert.Equal(before.Posts - 6_000, after.Posts);
        Assert.Equal(0, after.Removed);
        Assert.True(after.Bytes < before.Bytes - (6_000 * 15), $"{before} {after}");
    }

    [Fact]
    public void However_many_posts_come_in_whatever_order_segments_stay_few()
    {
        var index = new PostIndex(
            new IndexLimits
            {
                LiveDocuments = 64,
                LateDocuments = 16,
                MergeAt = 4,
                MostSegments = 20,
            }
        );
        var ids = Enumerable.Range(1, 20_000).ToArray();
        new Random(1).Shuffle(ids);
        foreach (var id in ids)
        {
            index.Add(new PostId(Snowflake.Compose(id * 1_000L, 0, 0, 0)), _alice, Terms("bird"));
        }

        Assert.InRange(index.Measure().Segments, 1, 20);
        while (index.Merge()) { }
        Assert.InRange(index.Measure().Segments, 1, 18);
    }

    [Fact]
    public void A_query_that_matches_next_to_nothing_stops_where_its_work_is_used_up_and_says_so()
    {
        Fill(50_000, i => i % 2 == 0 ? "even" : "odd");
        while (_index.Merge()) { }
        var never = new SearchNode.All([Word("even"), Word("odd")]);
        var answer = _index.Search(never, new Page(20), work: 1_000);
        Assert.Empty(answer.Ids);
        var rest = Assert.NotNull(answer.Rest);
        Assert.InRange(rest.Value, 20_000, 49_999);
        var rounds = 0;
        for (PostId? at = rest; at is not null; rounds++)
        {
            at = _index.Search(never, new Page(20, MaxId: at), work: 1_000).Rest;
        }

        Assert.InRange(rounds, 2, 50);
        Assert.Null(_index.Search(never, new Page(20)).Rest);
    }

    [Fact]
    public void Work_for_a_page_of_frequent_words_does_not_grow_with_the_number_of_posts()
    {
        var both = QueryPlan.Of(new SearchNode.All([Word("one"), Word("two")]));
        var spent = new List<long>();
        foreach (var posts in new[] { 10_000, 40_000 })
        {
            Fill(posts, i => $"{(i % 3 == 0 ? "one" : "")} {(i % 5 == 0 ? "two" : "")} w{i}");
            while (_index.Merge()) { }
            using var cursor = _index.Open(both, new Page(20), 100_000);
            Assert.Equal(20, cursor.NextBatch(new PostId[20]));
            spent.Add(100_000 - cursor.WorkLeft);
        }

        Assert.InRange(spent[1], 1, spent[0] * 2);
        Assert.InRange(spent[1], 1, 3_000);
    }

    [Fact]
    public void Work_for_a_page_of_a_frequent_word_and_a_prefix_does_not_grow_with_the_number_of_posts()
    {
        var both = QueryPlan.Of(
            new SearchNode.All([
                Word("one"),
                new SearchNode.Prefix(TermKind.Word, RandomQuery.Utf8("ab")),
            ])
        );
        var spent = new List<long>();
        // One sealed segment and a hundred posts that are newer.
        foreach (var posts in new[] { 16_484, 131_172 })
        {
            // Twenty words that begin so, each in a hundredth of all posts.
            Fill(
                posts,
                i => $"{(i % 3 == 0 ? "one" : "two")} {(i % 5 == 0 ? "ab" : "cd")}{i % 100}"
            );
            while (_index.Merge()) { }
            using var cursor = _index.Open(both, new Page(20), 1_000_000);
            Assert.Equal(20, cursor.NextBatch(new PostId[20]));
            spent.Add(1_000_000 - cursor.WorkLeft);
        }

        // A block of each word at most, where all of them would be 26,000 of the larger.
        Assert.All(spent, documents => Assert.InRange(documents, 1, 4_000));
    }

    [Fact]
    public void A_search_under_way_goes_on_in_what_it_began_with_while_segment_after_segment_fills()
    {
        Fill(1_000, _ => "one");
        using (var cursor = _index.Open(QueryPlan.Of(Word("one")), new Page(20)))
        {
            var ids = new PostId[100];
            var found = ids[..cursor.NextBatch(ids)].ToList();
            for (var id = 1_001; id <= 8_000; id++)
            {
                Add(id, _alice, "two");
            }

            while (!cursor.IsComplete)
            {
                found.AddRange(ids.Take(cursor.NextBatch(ids)));
            }

            Assert.Equal(
                Enumerable.Range(1, 1_000).Reverse().Select(id => (long)id),
                found.Select(id => id.Value)
            );
        }

        Assert.Equal([8_000, 7_999], Find("two")[..2]);
    }

    [Fact]
    public void The_segment_that_takes_new_posts_is_used_again_where_nobody_reads()
    {
        var first = _index.View.Live;
        Fill(2_049, i => $"one w{i}");
        Assert.Same(first, _index.View.Live);
        Assert.Equal([2_049], Find("w2049"));
        Assert.Equal([2_000], Find("w2000"));
        using (_index.Open(QueryPlan.Of(Word("one")), new Page(20)))
        {
            for (var id = 2_050; id <= 4_097; id++)
            {
                Add(id, _alice, $"one w{id}");
            }
        }

        Assert.NotSame(first, _index.View.Live);
        Assert.Equal([4_097, 4_096], Find("one")[..2]);
    }

    [Fact]
    public void A_search_allocates_little_and_a_cursor_that_is_given_back_is_used_again()
    {
        Fill(20_000, i => $"{(i % 3 == 0 ? "one" : "")} {(i % 5 == 0 ? "two" : "")} w{i}");
        var both = QueryPlan.Of(new SearchNode.All([Word("one"), Word("two")]));
        var ids = new PostId[20];
        var allocated = LeastAllocated.Of(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                Run();
            }
        });
        Assert.InRange(allocated / 1_000, 0, 768);

        void Run()
        {
            using var cursor = _index.Open(both, new Page(20));
            Assert.Equal(20, cursor.NextBatch(ids));
        }
    }

    [Fact]
    public void A_post_of_a_dozen_words_takes_less_than_a_hundred_and_thirty_bytes()
    {
        var index = new PostIndex(new IndexLimits());
        var random = new Random(1);
        for (var id = 1; id <= 150_000; id++)
        {
            var words = Enumerable
                .Range(0, 11)
                .Select(_ => $"w{(int)Math.Exp(random.NextDouble() * Math.Log(200_000))}")
                .Append($"t.co/{id * 7_919L:x}");
            index.Add(
                new PostId(id),
                new AccountId(random.Next(9_000)),
                Terms(string.Join(' ', words))
            );
        }

        var size = index.Measure();
        Assert.InRange((double)size.Bytes / size.Posts, 20, 130);
    }

    [Fact]
    public void Very_deep_and_very_wide_queries_are_answered()
    {
        Add(1, _alice, "bird");
        SearchNode deep = Word("bird");
        for (var i = 0; i < 5_000; i++)
        {
            deep = i % 2 == 0 ? new SearchNode.Not(deep) : new SearchNode.All([deep, Word("bird")]);
        }

        _index.Search(deep, new Page(20));
        var wide = new SearchNode.Any([
            .. Enumerable.Range(0, 20_000).Select(i => Word($"w{i}")),
            Word("bird"),
        ]);
        Assert.Equal([1], _index.Search(wide, new Page(20)).Ids.Select(id => id.Value));
    }

    [Fact]
    public void Pages_with_bounds_at_the_ends_of_the_numbers_are_answered()
    {
        Add(5, _alice, "bird");
        long[] ends = [long.MinValue, -1, 0, 1, 5, 6, long.MaxValue];
        foreach (var above in ends)
        foreach (var below in ends)
        foreach (var up in new[] { false, true })
        {
            var page = new Page(
                20,
                new PostId(below),
                up ? null : new PostId(above),
                up ? new PostId(above) : null
            );
            var expected = Math.Max(0, above) < 5 && below > 5 ? 1 : 0;
            Assert.Equal(expected, _index.Search(Word("bird"), page).Ids.Count);
        }
    }

    private void Fill(int posts, Func<int, string> text)
    {
        for (var id = 1; id <= posts; id++)
        {
            Add(id, _alice, text(id));
        }
    }

    private bool Add(long id, AccountId author, string text) =>
        _index.Add(new PostId(id), author, Terms(text));

    private long[] Find(string word) =>
        [.. _index.Search(Word(word), new Page(20)).Ids.Select(id => id.Value)];

    private static SearchNode.Term Word(string word) => new(TermKind.Word, RandomQuery.Utf8(word));

    private PostTerms Terms(string text)
    {
        _terms.Clear();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            _terms.Add(TermKind.Word, Encoding.UTF8.GetBytes(word));
        }

        return _terms;
    }
}
