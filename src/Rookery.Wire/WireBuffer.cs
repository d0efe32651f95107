using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace Rookery.Wire;

/// <summary>Bytes to be sent, one behind the other, in an array that is kept for the next time.</summary>
internal sealed class WireBuffer(int capacity = 256)
{
    /// <summary>An array that grew beyond this for one large send is not kept.</summary>
    private const int MostKept = 1 << 20;

    private readonly int _capacity = capacity;
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > MostKept)
        {
            _bytes = new byte[_capacity];
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Appends the number in digits.</summary>
    public void AppendDigits(long number)
    {
        var fits = Utf8Formatter.TryFormat(number, Room(20), out var length);
        Debug.Assert(fits, "20 bytes hold every long.");
        Length += length;
    }

    public void AppendDigits(ulong number)
    {
        var fits = Utf8Formatter.TryFormat(number, Room(20), out var length);
        Debug.Assert(fits, "20 bytes hold every number.");
        Length += length;
    }

    /// <summary>Appends the text as UTF-8, whose size was counted.</summary>
    public void AppendUtf8(string text, int size)
    {
        Encoding.UTF8.GetBytes(text, Room(size));
        Length += size;
    }

    private Span<byte> Room(int size)
    {
        if (_bytes.Length - Length < size)
        {
            Array.Resize(
                ref _bytes,
                (int)Math.Min(Array.MaxLength, Math.Max(_bytes.Length * 2L, Length + (long)size))
            );
        }

        return _bytes.AsSpan(Length);
    }
}
