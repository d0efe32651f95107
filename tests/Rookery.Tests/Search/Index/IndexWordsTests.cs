using System.Text;
using Rookery.Search;
using Rookery.Search.Index;
using Xunit;

namespace Rookery.Tests.Search.Index;

/// <summary>What an index tells of how often words occur is what is in it, and it takes back what is not any more.</summary>
public sealed class IndexWordsTests
{
    private static readonly AccountId _alice = new(1);

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
