using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Rookery.Search.Index;

/// <summary>
/// Finds the terms that are few edits (a letter left out, put in or replaced, two neighbours swapped) from one, by walking through dictionaries: what terms share with the one before
/// them is looked at once, and those that all begin too far away are passed over together. For one question.
/// </summary>
internal sealed class NearTerms
{
    /// <summary>Terms that one question looks at: some milliseconds.</summary>
    private const int MostLooked = 200_000;

    private const int MostLetters = PostTerms.LongestTerm;

    private readonly byte[] _first;
    private readonly int[] _letters;
    private readonly int _bytes;
    private readonly int _edits;

    // Of the term that was looked at last: its letters from 1 on, where each of them ends, and for each a row of how far the term up to there is from the word up to each of its letters.
    private readonly byte[] _key = new byte[PostTerms.LongestKey];
    private readonly int[] _read = new int[MostLetters + 1];
    private readonly int[] _ends = new int[MostLetters + 1];
    private readonly int[] _rows;
    private readonly int _width;
    private int _keyLength;
    private int _depth;

    private readonly Dictionary<Utf8Term, long> _found = [];
    private int _left = MostLooked;

    /// <param name="term">Of one letter at least, all of it UTF-8.</param>
    public NearTerms(TermKind kind, ReadOnlySpan<byte> term, int edits)
    {
        var letters = new List<int>();
        for (var rest = term; !rest.IsEmpty; )
        {
            Rune.DecodeFromUtf8(rest, out var letter, out var length);
            letters.Add(letter.Value);
            rest = rest[length..];
        }

        Rune.DecodeFromUtf8(term, out _, out var first);
        (_letters, _bytes, _edits) = ([.. letters], term.Length, edits);
        _first = [(byte)kind, .. term[..first]];
        _width = letters.Count + 1;
        _rows = new int[(MostLetters + 1) * _width];
        for (var column = 0; column < _width; column++)
        {
            _rows[column] = column;
        }

        _ends[0] = 1;
    }

    /// <summary>What was found, with how many posts have it: removed ones that are not merged away yet too.</summary>
    public IEnumerable<TermCount> Found =>
        _found.Select(one => new TermCount(one.Key, one.Value)).Where(one => one.Posts > 0);

    /// <summary>All of its terms, which are in no order.</summary>
    public void LookIn(OpenSegment segment)
    {
        for (var term = segment.Terms - 1; term >= 0 && _left > 0; term--)
        {
            _left--;
            var key = segment.KeyOf(term);
            if (
                Math.Abs(key.Length - 1 - _bytes) <= 4 * _edits
                && IsAllowed(key, out var edits)
                && IsNear(key, edits, out _)
            )
            {
                Count(key, segment.CountOf(term));
            }
        }
    }

    /// <summary>Those that begin with the word's first letter: nearly always all that can be meant.</summary>
    public void LookAmongAlike(SealedSegment segment) =>
        Look(segment, _first, After(_first), _edits);

    /// <summary>Those that begin with another letter, at one edit.</summary>
    public void LookAmongOthers(SealedSegment segment)
    {
        var (lowest, highest) = LeadsLike(_first[1]);
        Look(segment, [_first[0], lowest], _first, 1);
        Look(segment, After(_first), [_first[0], (byte)(highest + 1)], 1);
    }

    private bool IsAllowed(ReadOnlySpan<byte> key, out int edits)
    {
        edits = key.StartsWith(_first) ? _edits : 1;
        var (lowest, highest) = LeadsLike(_first[1]);
        return key[0] == _first[0] && key.Length > 1 && key[1] >= lowest && key[1] <= highest;
    }

    /// <summary>
    /// The first bytes of letters that may have been typed for one another: about those of the same script. In three bytes stand the pairs of characters of which scripts without
    /// spaces have very many.
    /// </summary>
    private static (byte Lowest, byte Highest) LeadsLike(byte lead) =>
        lead < 0x80 ? ((byte)0, (byte)0x7F)
        : lead < 0xE0 ? ((byte)0xC2, (byte)0xDF)
        : (lead, lead);

    /// <summary>What comes right after everything that begins so. No byte of UTF-8 is the largest.</summary>
    private static byte[] After(ReadOnlySpan<byte> beginning)
    {
        var after = beginning.ToArray();
        after[^1]++;
        return after;
    }

    private void Look(
        SealedSegment segment,
        ReadOnlySpan<byte> from,
        ReadOnlySpan<byte> to,
        int edits
    )
    {
        var reader = segment.ReadFrom(from);
        var isThere = MoveTo(ref reader, from, int.MaxValue);
        while (isThere && _left > 0 && reader.Key.SequenceCompareTo(to) < 0)
        {
            if (IsNear(reader.Key, edits, out var far))
            {
                Count(reader.Key, reader.Posts);
            }

            isThere =
                far == 0
                    ? MoveNext(ref reader)
                    : MovePast(segment, ref reader, reader.Key[..far].ToArray());
        }
    }

    private bool MoveNext(ref TermReader reader)
    {
        _left--;
        return reader.MoveNext();
    }

    /// <summary>To the first term from one on, in so many steps; false where it does not get there.</summary>
    private bool MoveTo(ref TermReader reader, ReadOnlySpan<byte> from, int steps)
    {
        for (; steps > 0 && MoveNext(ref reader); steps--)
        {
            if (reader.Key.SequenceCompareTo(from) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Past all that begins so: step by step where that is not far, else by a search.</summary>
    private bool MovePast(SealedSegment segment, ref TermReader reader, byte[] beginning)
    {
        beginning[^1]++;
        if (MoveTo(ref reader, beginning, SealedSegment.TermsPerBlock))
        {
            return true;
        }

        reader = segment.ReadFrom(beginning);
        return MoveTo(ref reader, beginning, int.MaxValue);
    }

    private void Count(ReadOnlySpan<byte> key, int posts) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_found, new Utf8Term(key[1..]), out _) += posts;

    /// <param name="far">Bytes of the key that are as far away already as nothing that begins with them can make good; 0 where there are none.</param>
    private bool IsNear(ReadOnlySpan<byte> key, int edits, out int far)
    {
        var same = key.CommonPrefixLength(_key.AsSpan(0, _keyLength));
        while (_ends[_depth] > Math.Max(same, 1))
        {
            _depth--;
        }

        key.CopyTo(_key);
        _keyLength = key.Length;
        far = 0;
        for (var at = _ends[_depth]; at < key.Length; )
        {
            if (
                Rune.DecodeFromUtf8(key[at..], out var letter, out var length)
                != OperationStatus.Done
            )
            {
                return false;
            }

            at += length;
            _ends[++_depth] = at;
            _read[_depth] = letter.Value;
            if (ReadRow() > edits)
            {
                far = at;
                return false;
            }
        }

        return _rows[(_depth * _width) + _width - 1] is > 0 and var distance && distance <= edits;
    }

    /// <summary>Makes the row of the letter that was read last; answers the least in it, which no row below comes under.</summary>
    private int ReadRow()
    {
        var row = _rows.AsSpan(_depth * _width, _width);
        var last = _rows.AsSpan((_depth - 1) * _width, _width);
        var before = _rows.AsSpan(Math.Max(0, _depth - 2) * _width, _width);
        var (letter, previous) = (_read[_depth], _read[_depth - 1]);
        row[0] = _depth;
        var least = _depth;
        for (var column = 1; column < row.Length; column++)
        {
            var replaced = last[column - 1] + (_letters[column - 1] == letter ? 0 : 1);
            var best = Math.Min(replaced, Math.Min(last[column], row[column - 1]) + 1);
            if (
                _depth > 1
                && column > 1
                && _letters[column - 2] == letter
                && _letters[column - 1] == previous
            )
            {
                best = Math.Min(best, before[column - 2] + 1);
            }

            row[column] = best;
            least = Math.Min(least, best);
        }

        return least;
    }
}
