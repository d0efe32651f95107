using System.Text;

namespace Rookery.Search;

/// <summary>Makes nodes of the words of a query, by the same cutting as posts go through. Not for several threads at once.</summary>
internal sealed class QueryTerms
{
    /// <summary>Of a phrase of more words or characters the rest is told by its text alone.</summary>
    public const int MostPhraseTerms = 24;

    // In letters: one would begin nearly every post. A Hangul syllable is two or three.
    private const int LeastPrefix = 2;

    private readonly CutText _cut = new();
    private readonly List<SearchNode.Term> _terms = [];
    private readonly List<SearchNode.Prefix> _prefixes = [];
    private readonly StringBuilder _folded = new();
    private int _tokens;
    private int _pairs;
    private int _parts;
    private SearchNode.Prefix? _last;

    /// <summary>
    /// One word as its term; several, or a run of a script without spaces, as a phrase. Of such a run two characters are one term, the pair: that they stand side by side is all
    /// that a phrase of them would ask. A single character is a prefix: posts have it at the beginning of a pair.
    /// </summary>
    /// <returns>Null where there is no word.</returns>
    public SearchNode? Words(string text)
    {
        Cut(text);
        return AsNode();
    }

    /// <summary>As <see cref="Words"/>, but the last word may go on. What precedes it must be there, anywhere.</summary>
    public SearchNode? Prefix(string text)
    {
        Cut(text);
        if (_last is null || LettersIn(_last.Text) < LeastPrefix)
        {
            return AsNode();
        }

        _terms.RemoveAt(_terms.Count - 1);
        return SearchNodes.All([.. _terms, .. _prefixes, _last]);
    }

    /// <summary>What is written with a narrow gap as others write it, in two words; null where it has none.</summary>
    public SearchNode? Apart(string text)
    {
        if (!text.Contains(CutText.NarrowGap))
        {
            return null;
        }

        Cut(text);
        return _parts > 0 ? Words(text.Replace(CutText.NarrowGap, ' ')) : null;
    }

    private static int LettersIn(Utf8Term word) =>
        word.ToString()
            .EnumerateRunes()
            .Sum(letter => letter.Value is >= 0xAC00 and <= 0xD7A3 ? 2 : 1);

    private bool IsPair => _tokens == 2 && _pairs == 1;

    private SearchNode? AsNode()
    {
        if (_tokens == 0)
        {
            return null;
        }

        if ((_tokens == 1 || IsPair) && _terms.Count + _prefixes.Count == 1)
        {
            return _terms.Count == 1 ? _terms[0] : _prefixes[0];
        }

        var phrase = new SearchNode.Phrase(
            [.. _terms.Distinct().Take(MostPhraseTerms)],
            _folded.ToString()
        );
        return SearchNodes.All([.. _prefixes.Take(MostPhraseTerms), phrase]);
    }

    private void Cut(string text)
    {
        _terms.Clear();
        _prefixes.Clear();
        _folded.Clear().Append(' ');
        _tokens = 0;
        _pairs = 0;
        _parts = 0;
        _last = null;
        var tokens = new Tokens(this);
        _cut.Handle(text, ref tokens);
    }

    private void Add(ReadOnlySpan<byte> token)
    {
        _folded.Append(Encoding.UTF8.GetString(token)).Append(' ');
        _tokens++;
        _last = null;
    }

    private readonly struct Tokens(QueryTerms terms) : ITextTokens
    {
        public void Word(ReadOnlySpan<byte> word, ReadOnlySpan<byte> stem)
        {
            terms.Add(stem);
            terms._terms.Add(new SearchNode.Term(TermKind.Word, new Utf8Term(stem)));
            terms._last = new SearchNode.Prefix(TermKind.Word, new Utf8Term(word));
        }

        public void Character(ReadOnlySpan<byte> character, ReadOnlySpan<byte> pair)
        {
            terms.Add(character);
            if (!pair.IsEmpty)
            {
                terms._pairs++;
                terms._terms.Add(new SearchNode.Term(TermKind.Word, new Utf8Term(pair)));
            }
        }

        public void EndOfRun(ReadOnlySpan<byte> last, bool isOnly)
        {
            if (isOnly)
            {
                terms._prefixes.Add(new SearchNode.Prefix(TermKind.Word, new Utf8Term(last)));
            }
        }

        // Of hashtags and mentions the words follow. They are enough, and are there where the sign is typed in another width.
        public void Entity(TermKind kind, ReadOnlySpan<byte> term)
        {
            if (kind == TermKind.Link)
            {
                terms._terms.Add(new SearchNode.Term(kind, new Utf8Term(term)));
            }
        }

        public void Part(ReadOnlySpan<byte> word, ReadOnlySpan<byte> stem) => terms._parts++;

        public void Link() => terms.Add("/"u8);
    }
}
