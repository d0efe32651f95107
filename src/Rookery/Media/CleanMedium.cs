using System.Buffers;

namespace Rookery.Media;

/// <summary>A stretch of the file that was read, or bytes that stand in its place.</summary>
internal readonly record struct Piece(long Offset, int Length, byte[]? Bytes)
{
    /// <summary>Zeros, however many, which take no room until they are written.</summary>
    public static Piece Blank(int length) => new(-1, length, null);

    public bool IsBlank => Offset < 0;
}

/// <summary>
/// What is kept of a picture or a video, without its metadata: where it was taken, by whom, with what. The pixels are not decoded; only where their bytes stand is
/// known.
/// </summary>
/// <param name="Width">In pixels, as it is shown: the turn that its camera asked for is taken into account.</param>
/// <param name="Frames">More than one: it moves.</param>
internal sealed record CleanMedium(
    MediaKind Kind,
    int Width,
    int Height,
    int Frames,
    IReadOnlyList<Piece> Pieces
)
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>How long a video lasts; 0 for a picture.</summary>
    public int Milliseconds { get; init; }

    public long Pixels => (long)Width * Height;

    /// <summary>Of a video: those of one picture as it is decoded, which need not be shown in that size.</summary>
    public long CodedPixels { get; init; }

    public long Length => Pieces.Sum(piece => (long)piece.Length);

    /// <summary>Writes what is kept, from the file that was read; small pieces together.</summary>
    public async Task WriteAsync(Stream file, Stream into, CancellationToken token)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var filled = 0;
            foreach (var piece in Pieces)
            {
                for (var done = 0; done < piece.Length; )
                {
                    var room = buffer.AsMemory(filled);
                    room = room[..Math.Min(room.Length, piece.Length - done)];
                    await CopyAsync(piece, done, file, room, token);
                    done += room.Length;
                    filled += room.Length;
                    if (filled == buffer.Length)
                    {
                        await into.WriteAsync(buffer, token);
                        filled = 0;
                    }
                }
            }

            await into.WriteAsync(buffer.AsMemory(0, filled), token);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask CopyAsync(
        Piece piece,
        int from,
        Stream file,
        Memory<byte> room,
        CancellationToken token
    )
    {
        if (piece.Bytes is { } bytes)
        {
            bytes.AsMemory(from, room.Length).CopyTo(room);
            return;
        }

        if (piece.IsBlank)
        {
            room.Span.Clear();
            return;
        }

        file.Position = piece.Offset + from;
        await file.ReadExactlyAsync(room, token);
    }
}

/// <summary>
/// Gathers pieces; those that follow each other in the file become one. Where what is kept and what is dropped take turns their number grows with the file,
/// so beyond <see cref="Most"/> none is taken any more: a picture that has as many is to be refused.
/// </summary>
internal sealed class PieceList
{
    /// <summary>A thousand frames of a moving WebP, the kind that needs most, are about half as many.</summary>
    public const int Most = 10_000;

    private readonly List<Piece> _pieces = [];

    public IReadOnlyList<Piece> Pieces => _pieces;

    public long Length { get; private set; }

    public void Keep(int offset, int length)
    {
        Length += length;
        if (
            _pieces is [.., { Bytes: null, IsBlank: false } last]
            && last.Offset + last.Length == offset
        )
        {
            _pieces[^1] = last with { Length = last.Length + length };
        }
        else if (length > 0)
        {
            Add(new Piece(offset, length, null));
        }
    }

    /// <summary>Zeros in the place of what stood there.</summary>
    public void Blank(int length)
    {
        Length += length;
        if (_pieces is [.., { IsBlank: true } last])
        {
            _pieces[^1] = Piece.Blank(last.Length + length);
        }
        else if (length > 0)
        {
            Add(Piece.Blank(length));
        }
    }

    public void Put(byte[] bytes)
    {
        Length += bytes.Length;
        Add(new Piece(0, bytes.Length, bytes));
    }

    public void Put(PieceList others)
    {
        foreach (var piece in others._pieces)
        {
            if (piece.Bytes is { } bytes)
            {
                Put(bytes);
            }
            else if (piece.IsBlank)
            {
                Blank(piece.Length);
            }
            else
            {
                Keep((int)piece.Offset, piece.Length);
            }
        }
    }

    /// <summary>One more than the most, which says that there were too many.</summary>
    private void Add(Piece piece)
    {
        if (_pieces.Count <= Most)
        {
            _pieces.Add(piece);
        }
    }
}
