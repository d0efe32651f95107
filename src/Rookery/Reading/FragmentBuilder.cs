using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Rookery.Reading;

/// <summary>
/// Writes a post as UTF-8 JSON and remembers where it can be patched. Reused from post to post, by one thread at a time.
/// </summary>
internal sealed class FragmentBuilder
{
    private const int LongestNumber = 20;

    // No encoder of System.Text.Json fits: those made of Unicode ranges write every emoji as twelve ASCII bytes, the relaxed
    // one lets < and & through, which end a script element. Escaped is what JSON demands, what HTML acts upon, and the two
    // line ends of older JavaScript; all else stays as it is.
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 0x20).Select(c => (char)c)) + "\"\\<>&\u007F\u2028\u2029"
    );

    private byte[] _buffer = new byte[1024];
    private int _length;
    private FragmentHeader _places;

    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(0, _length);

    /// <summary>Length and places are set; ids, versions and flags are for the caller to add.</summary>
    public FragmentHeader Header => _places with { Length = _length };

    public void Clear()
    {
        _length = 0;
        _places = default;
    }

    /// <summary>JSON as it is.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(Reserve(json.Length));
        _length += json.Length;
    }

    public void Number(long value)
    {
        _ = Utf8Formatter.TryFormat(value, Reserve(LongestNumber), out var written);
        _length += written;
    }

    public void Thousandths(int value)
    {
        _ = Utf8Formatter.TryFormat(value / 1000m, Reserve(LongestNumber), out var written);
        _length += written;
    }

    /// <summary>A JSON string of any text; what is no character (half a surrogate pair) becomes U+FFFD.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        Raw("\""u8);
        for (var at = text.IndexOfAny(Escaped); at >= 0; at = text.IndexOfAny(Escaped))
        {
            Plain(text[..at]);
            Escape(text[at]);
            text = text[(at + 1)..];
        }

        Plain(text);
        Raw("\""u8);
    }

    /// <summary>The post's text, as a JSON string that other shapes are made of too.</summary>
    public void Status(ReadOnlySpan<char> text)
    {
        _places.StatusAt = _length;
        Text(text);
        _places.StatusLength = _length - _places.StatusAt;
    }

    /// <summary>The author's name, likewise.</summary>
    public void Username(ReadOnlySpan<char> name)
    {
        _places.UsernameAt = checked((short)_length);
        Text(name);
        _places.UsernameLength = checked((short)(_length - _places.UsernameAt));
    }

    public void Likes(long count) => Count(ref _places.LikesAt, count);

    public void Reposts(long count) => Count(ref _places.RepostsAt, count);

    public void Replies(long count) => Count(ref _places.RepliesAt, count);

    /// <summary>Whether the viewer liked it: false until a page says otherwise.</summary>
    public void Liked() => Flag(ref _places.LikedAt);

    /// <summary>Whether the viewer reposted it: false until a page says otherwise.</summary>
    public void Reposted() => Flag(ref _places.RepostedAt);

    /// <summary>Here the page puts the fragment of the original.</summary>
    public void Insert() => Mark(ref _places.InsertAt);

    private void Count(ref int place, long count)
    {
        var padding = -_length & (CountSlot.Width - 1);
        Reserve(padding)[..padding].Fill((byte)' ');
        _length += padding;
        Mark(ref place);
        BitConverter.TryWriteBytes(Reserve(CountSlot.Width), CountSlot.Encode(count));
        _length += CountSlot.Width;
    }

    private void Flag(ref int place)
    {
        Mark(ref place);
        Raw(FlagSlot.False);
    }

    private void Mark(ref int place)
    {
        if (_length == 0 || place != 0)
        {
            throw new InvalidOperationException(
                "A place comes once in a fragment, and not at its start."
            );
        }

        place = _length;
    }

    private void Plain(ReadOnlySpan<char> text) =>
        _length += Encoding.UTF8.GetBytes(
            text,
            Reserve(Encoding.UTF8.GetMaxByteCount(text.Length))
        );

    private void Escape(char c)
    {
        switch (c)
        {
            case '"':
                Raw("\\\""u8);
                break;
            case '\\':
                Raw("\\\\"u8);
                break;
            case '\n':
                Raw("\\n"u8);
                break;
            default:
                Raw("\\u"u8);
                _ = Utf8Formatter.TryFormat((ushort)c, Reserve(4), out var written, new('X', 4));
                _length += written;
                break;
        }
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        }

        return _buffer.AsSpan(_length);
    }
}
