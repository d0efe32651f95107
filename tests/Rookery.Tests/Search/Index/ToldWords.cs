using System.Text;
using Rookery.Search.Index;

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
}
