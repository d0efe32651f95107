using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rookery.Search;
using Rookery.Search.Index;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Search.Index;

/// <summary>What an index tells of how often words occur is what is in it, and it takes back what is not any more.</summary>
public sealed class IndexWordsTests : IDisposable
{
    private static readonly AccountId _alice = new(1);

    private static readonly IndexLimits _tiny = new()
    {
        LiveDocuments = 12,
        LateDocuments = 5,
        MergeAt = 2,
        LargestSegment = 64,
        MostSegments = 12,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly IndexLimits _limits = new() { LiveDocuments = 4, LateDocuments = 4 };
    private readonly ToldWords _words = new();
    private readonly PostTerms _terms = new();

    [Fact]
    public void The_words_of_posts_that_were_all_removed_before_their_segment_was_sealed_are_taken_back()
    {
        var index = new PostIndex(_limits, _words);
        Fill(index, "zebrafish", from: 1, through: 4);
        Assert.Equal(4, _words.Of("zebrafish"));
        Remove(index, from: 1, through: 4);
        Fill(index, "heron", from: 5, through: 5);
        Assert.Equal(0, _words.Of("zebrafish"));
    }

    [Fact]
    public void The_words_of_segments_that_are_merged_to_nothing_are_taken_back()
    {
        var index = new PostIndex(_limits, _words);
        Fill(index, "zebrafish", from: 1, through: 8);
        Fill(index, "heron", from: 9, through: 9);
        Remove(index, from: 1, through: 8);
        Assert.Equal(8, _words.Of("zebrafish"));
        while (index.Merge()) { }
        Assert.Equal(0, _words.Of("zebrafish"));
        Assert.Equal(1, index.Measure().Posts);
    }

    [Fact]
    public void A_post_that_is_withdrawn_counts_for_nothing_at_once_and_may_be_added_again()
    {
        var index = new PostIndex(new IndexLimits { LiveDocuments = 8 }, _words);
        // Eight are sealed.
        Fill(index, "zebrafish", from: 1, through: 12);
        foreach (var id in new[] { 1, 2, 3, 4, 5, 9, 10, 11, 12 })
        {
            Assert.True(index.Withdraw(new PostId(id), _alice, Terms("zebrafish")));
            Assert.False(index.Withdraw(new PostId(id), _alice, Terms("zebrafish")));
        }

        Assert.False(index.Withdraw(new PostId(99), _alice, Terms("zebrafish")));
        Assert.Equal(3, index.CountOf(TermKind.Word, "zebrafish"u8));
        Assert.Equal(3, Assert.Single(index.TermsLike(TermKind.Word, "zeb"u8, 9)).Posts);
        Assert.Equal(2, _words.Of("zebrafish"));
        Assert.Equal([8, 7, 6], Found());

        Fill(index, "zebrafish", from: 1, through: 12);
        Assert.Equal(12, index.CountOf(TermKind.Word, "zebrafish"u8));
        Assert.Equal([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], Found());

        long[] Found()
        {
            var word = new SearchNode.Term(TermKind.Word, RandomQuery.Utf8("zebrafish"));
            return [.. index.Search(word, new Page(20)).Ids.Select(id => id.Value)];
        }
    }

    [Fact]
    public void A_segment_of_which_many_terms_count_otherwise_is_written_anew()
    {
        var index = new PostIndex(new IndexLimits { LiveDocuments = 64, LateDocuments = 64 });
        for (var id = 1; id <= 65; id++)
        {
            index.Add(new PostId(id), _alice, Terms($"word{id}"));
        }

        Assert.False(index.Merge());
        for (var id = 1; id <= 5; id++)
        {
            index.Withdraw(new PostId(id), _alice, Terms($"word{id}"));
        }

        Assert.True(index.Merge());
        Assert.Equal((60L, 0L), (index.Measure().Posts, index.Measure().Removed));
    }

    [Fact]
    public void What_was_told_is_what_is_in_the_segments_after_any_history() =>
        Run(
            1_500,
            history =>
            {
                for (var step = 0; step < 150; step++)
                {
                    history.Step();
                    if (step % 10 == 0)
                    {
                        history.AssertTold();
                    }
                }
            }
        );

    [Fact]
    public void Where_posts_are_only_withdrawn_words_are_in_as_many_as_are_there()
    {
        var file = Path.Combine(_folder.Path, "index");
        Run(
            150,
            history =>
            {
                for (var step = 1; step <= 200; step++)
                {
                    history.StepWithoutRemovals();
                    if (step % 10 == 0)
                    {
                        history.AssertCounts();
                        history.AssertTold();
                    }

                    if (step % 50 == 0)
                    {
                        IndexSnapshot.Write(file, [history.Index.TakeImage()], []);
                        var read = Assert.IsType<SnapshotOutcome.Loaded>(IndexSnapshot.Read(file));
                        history.Restart(read.Images[0]);
                    }
                }
            }
        );
    }

    public void Dispose() => _folder.Dispose();

    private static void Run(int histories, Action<IndexHistory> play) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(histories),
            Prop.ForAll(
                Gen.Choose(0, int.MaxValue - 1).ToArbitrary(),
                seed => play(new IndexHistory(seed, _tiny))
            )
        );

    private void Fill(PostIndex index, string word, long from, long through)
    {
        for (var id = from; id <= through; id++)
        {
            index.Add(new PostId(id), _alice, Terms(word));
        }
    }

    private static void Remove(PostIndex index, long from, long through)
    {
        for (var id = from; id <= through; id++)
        {
            Assert.True(index.Remove(new PostId(id)));
        }
    }

    private PostTerms Terms(string word)
    {
        _terms.Clear();
        _terms.Add(TermKind.Word, Encoding.UTF8.GetBytes(word));
        return _terms;
    }
}
