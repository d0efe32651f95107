using Microsoft.AspNetCore.Http.Extensions;

namespace Rookery.Media.Pictures;

/// <summary>A stretch of the file that was read, or bytes that stand in its place.</summary>
internal readonly record struct Piece(long Offset, int Length, byte[]? Bytes);

/// <summary>
/// What is kept of a picture, without its metadata: where it was taken, by whom, with what. The pixels are not decoded; only where their bytes stand is known.
/// </summary>
/// <param name="Width">In pixels, as it is shown: the turn that its camera asked for is taken into account.</param>
/// <param name="Frames">More than one: it moves.</param>
internal sealed record CleanPicture(
    MediaKind Kind,
    int Width,
    int Height,
    int Frames,
    IReadOnlyList<Piece> Pieces
)
{
    public long Pixels => (long)Width * Height;

    public long Length => Pieces.Sum(piece => (long)piece.Length);

    /// <summary>Writes what is kept, from the file that was read.</summary>
    public async Task WriteAsync(Stream file, Stream into, CancellationToken token)
    {
        foreach (var piece in Pieces)
        {
            if (piece.Bytes is { } bytes)
            {
                await into.WriteAsync(bytes, token);
                continue;
            }

            file.Position = piece.Offset;
            await StreamCopyOperation.CopyToAsync(file, into, piece.Length, token);
        }
    }
}

/// <summary>Gathers pieces; those that follow each other in the file become one, so that their number does not grow with what an uploader writes.</summary>
internal sealed class PieceList
{
    private readonly List<Piece> _pieces = [];

    public IReadOnlyList<Piece> Pieces => _pieces;

    public long Length { get; private set; }

    public void Keep(int offset, int length)
    {
        Length += length;
        if (_pieces is [.., { Bytes: null } last] && last.Offset + last.Length == offset)
        {
            _pieces[^1] = last with { Length = last.Length + length };
        }
        else if (length > 0)
        {
            _pieces.Add(new Piece(offset, length, null));
        }
    }

    public void Put(byte[] bytes)
    {
        Length += bytes.Length;
        _pieces.Add(new Piece(0, bytes.Length, bytes));
    }

    public void Put(PieceList others)
    {
        foreach (var piece in others._pieces)
        {
            if (piece.Bytes is { } bytes)
            {
                Put(bytes);
            }
            else
            {
                Keep((int)piece.Offset, piece.Length);
            }
        }
    }
}
