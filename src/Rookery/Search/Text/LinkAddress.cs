using System.Text;

namespace Rookery.Search;

/// <summary>
/// A link as it is searched. "https://www.Example.org/Path/" has the address "example.org/path" and the hosts "example.org"; of "a.b.example.org" the
/// domains above it are hosts too, down to two labels. The scheme, a leading "www.", the last slash, case and diacritics do not matter. An address
/// of more than 64 bytes is its beginning and a hash of the whole.
/// </summary>
internal ref struct LinkAddress
{
    private const int HashLength = 16;

    // Longer links are cut: beyond it two addresses of one beginning are one.
    private const int MaxUnits = 2_048;

    private readonly Span<byte> _bytes;
    private readonly int _host;
    private readonly int _length;
    private readonly ulong _hash;

    /// <param name="link">With or without its scheme.</param>
    /// <param name="buffer">At least <see cref="TermBuffer.MaxLength"/> bytes; the answers stand in it.</param>
    public LinkAddress(ReadOnlySpan<char> link, Span<byte> buffer)
    {
        var rest = WithoutScheme(link.Length > MaxUnits ? link[..MaxUnits] : link).TrimEnd('/');
        var term = new TermBuffer(buffer);
        _hash = TermBuffer.EmptyHash;
        while (!rest.IsEmpty)
        {
            if (_host == 0 && rest[0] is '/' or '?' or '#' or ':')
            {
                _host = term.Length;
            }

            Rune.DecodeFromUtf16(rest, out var rune, out var units);
            term.AppendFolded(rune, ref _hash);
            rest = rest[units..];
        }

        _bytes = buffer;
        _length = term.Length;
        _host = _host == 0 ? _length : _host;
        IsWhole = !term.IsFull;
    }

    /// <summary>False where the address is too long for a term.</summary>
    public bool IsWhole { get; }

    /// <summary>Empty for what is no address.</summary>
    public readonly ReadOnlySpan<byte> Host => _bytes[.._host];

    public readonly bool HasPath => _host < _length || !IsWhole;

    /// <summary>The domain above, or empty where that has but one label.</summary>
    public static ReadOnlySpan<byte> Above(ReadOnlySpan<byte> host)
    {
        var dot = host.IndexOf((byte)'.');
        var above = dot < 0 ? [] : host[(dot + 1)..];
        return above.Contains((byte)'.') ? above : [];
    }

    /// <summary>The whole address. <see cref="Host"/> must not be asked any more: a hash may have taken its place.</summary>
    public readonly ReadOnlySpan<byte> Whole()
    {
        if (IsWhole)
        {
            return _bytes[.._length];
        }

        var kept = TermBuffer.Floor(_bytes[.._length], TermBuffer.MaxLength - HashLength);
        _hash.TryFormat(_bytes[kept..], out var written, "x16", null);
        return _bytes[..(kept + written)];
    }

    private static ReadOnlySpan<char> WithoutScheme(ReadOnlySpan<char> link)
    {
        var scheme = link.IndexOf("://");
        var rest = scheme is >= 0 and <= 5 ? link[(scheme + 3)..] : link;
        return rest.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? rest[4..] : rest;
    }
}
