using System.Text;
using Rookery.Search;
using Rookery.Search.Index;
using Xunit;

namespace Rookery.Tests.Search.Index;

/// <summary>What an index told of its words, added up; nothing is bounded or forgotten.</summary>
internal sealed class ToldWords : IWordCounts
{
    private readonly Dictionary<string, int> _counts = [];
    private readonly Lock _lock = new();

    public void Change(ReadOnlySpan<byte> word, int change)
    {
        var text = Encoding.UTF8.GetString(word);
        lock (_lock)
        {
            _counts[text] = _counts.GetValueOrDefault(text) + change;
        }
    }

    public int Of(string word)
    {
        lock (_lock)
        {
            return _counts.GetValueOrDefault(word);
        }
    }

    /// <summary>Nobody writes, merges or reads meanwhile.</summary>
    public void AssertAreThoseOf(PostIndex index, string where)
    {
        var expected = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var open in (OpenSegment[])[index.View.Live, index.View.Late])
        {
            for (var term = 0; term < open.Terms; term++)
            {
                Count(expected, open.KeyOf(term), open.CountOf(term));
            }
        }

        foreach (var segment in index.View.Sealed)
        {
            for (var reader = segment.ReadAll(); reader.MoveNext(); )
            {
                Count(expected, reader.Key, reader.Posts);
            }
        }

        var told = _counts
            .Where(one => one.Value != 0)
            .OrderBy(one => one.Key, StringComparer.Ordinal);
        Assert.True(
            expected.SequenceEqual(told),
            $"{where}\nin segments {string.Join(' ', expected)}\ntold        {string.Join(' ', told)}"
        );
    }

    private static void Count(
        SortedDictionary<string, int> counts,
        ReadOnlySpan<byte> key,
        int posts
    )
    {
        if (key[0] == (byte)TermKind.Word && WordCounts.Of(posts) is > 0 and var count)
        {
            var word = Encoding.UTF8.GetString(key[1..]);
            counts.TryGetValue(word, out var before);
            counts[word] = before + count;
        }
    }
}
