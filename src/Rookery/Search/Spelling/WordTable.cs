using Rookery.Search.Index;

namespace Rookery.Search.Spelling;

/// <summary>Words with their counts, found by their bytes and by their shortened forms; in flat arrays that are made once, of as many bytes as it is given. For one thread.</summary>
internal sealed class WordTable
{
    // What a word takes on average: its letters, its entry and its place by hash; some twenty forms with their places for those that may be proposed.
    private const int BytesPerWord = 12 + 20 + 4;
    private const int FormsPerWord = 12;
    private const int BytesPerForm = 8 + 4;

    private readonly byte[] _text;
    private readonly Entry[] _words;
    private readonly int[] _byText;
    private readonly Link[] _links;
    private readonly int[] _byForm;
    private int _textEnd;
    private int _linkEnd;

    public WordTable(long bytes)
    {
        var words = (int)
            Math.Clamp(bytes / (BytesPerWord + (FormsPerWord * BytesPerForm)), 64, 1 << 24);
        _text = new byte[words * 12];
        _words = new Entry[words];
        _byText = new int[words];
        _links = new Link[words * FormsPerWord];
        _byForm = new int[words * FormsPerWord];
    }

    public int Count { get; private set; }

    public long Bytes =>
        _text.Length
        + (_words.Length * 20L)
        + (_byText.Length * 4L)
        + (_links.Length * 8L)
        + (_byForm.Length * 4L);

    public void Change(ReadOnlySpan<byte> text, int change)
    {
        if (text.IsEmpty || text.Length > PostTerms.LongestTerm)
        {
            return;
        }

        var word = Find(text);
        if (word < 0 && change > 0)
        {
            word = Add(text);
        }

        if (word >= 0)
        {
            ref var entry = ref _words[word];
            entry.Count = (int)Math.Clamp((long)entry.Count + change, 0, int.MaxValue);
            if (entry.Count >= KnownWords.FewestToPropose && !entry.HasForms && !TryAddForms(word))
            {
                DropRarer();
            }
        }
    }

    public ReadOnlySpan<byte> TextOf(int word) =>
        _text.AsSpan(_words[word].At, _words[word].Length);

    public int CountOf(int word) => _words[word].Count;

    public int FirstWith(uint form) => _byForm[form % (uint)_byForm.Length] - 1;

    public int NextWith(int link) => _links[link].Next - 1;

    public int WordOf(int link) => _links[link].Word;

    private int Find(ReadOnlySpan<byte> text)
    {
        var word = _byText[PostTerms.HashOf(text) % (uint)_byText.Length] - 1;
        while (word >= 0 && !TextOf(word).SequenceEqual(text))
        {
            word = _words[word].Next - 1;
        }

        return word;
    }

    private int Add(ReadOnlySpan<byte> text)
    {
        if (Count == _words.Length || _text.Length - _textEnd < text.Length)
        {
            DropRarer();
        }

        ref var first = ref _byText[PostTerms.HashOf(text) % (uint)_byText.Length];
        text.CopyTo(_text.AsSpan(_textEnd));
        _words[Count] = new Entry
        {
            At = _textEnd,
            Length = (byte)text.Length,
            Next = first,
        };
        _textEnd += text.Length;
        first = ++Count;
        return Count - 1;
    }

    private bool TryAddForms(int word)
    {
        Span<int> letters = stackalloc int[Letters.Most];
        Span<uint> forms = stackalloc uint[ShortenedForms.Most];
        var decoded = Letters.Decode(TextOf(word), letters);
        var count = ShortenedForms.Of(letters[..decoded], forms);
        if (_links.Length - _linkEnd < count)
        {
            return false;
        }

        _words[word].HasForms = true;
        foreach (var form in forms[..count])
        {
            ref var first = ref _byForm[form % (uint)_byForm.Length];
            _links[_linkEnd] = new Link(word, first);
            first = ++_linkEnd;
        }

        return true;
    }

    /// <summary>Keeps the more frequent half, and begins anew with it.</summary>
    private void DropRarer()
    {
        var kept = Enumerable
            .Range(0, Count)
            .OrderByDescending(word => _words[word].Count)
            .Take(Math.Max(1, Count / 2))
            .Where(word => _words[word].Count > 0)
            .Select(word => (Text: TextOf(word).ToArray(), _words[word].Count))
            .ToList();
        (Count, _textEnd, _linkEnd) = (0, 0, 0);
        Array.Clear(_byText);
        Array.Clear(_byForm);
        foreach (var (text, count) in kept)
        {
            var word = Add(text);
            _words[word].Count = count;
            if (count >= KnownWords.FewestToPropose && !TryAddForms(word))
            {
                break;
            }
        }
    }

    private struct Entry
    {
        public int At;
        public int Count;
        public int Next;
        public byte Length;
        public bool HasForms;
    }

    private readonly record struct Link(int Word, int Next);
}
