using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace Rookery.Wire.Resp;

/// <summary>Bytes to be sent, one behind the other, in an array that is kept for the next time.</summary>
internal sealed class RespBuffer(int capacity = 256)
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

    /// <summary>The head of a command: how many strings follow, its name among them.</summary>
    public void BeginCommand(string name, int arguments)
    {
        AppendLine((byte)'*', arguments + 1);
        AppendText(name);
    }

    public void AppendBulk(ReadOnlySpan<byte> bytes)
    {
        AppendLine((byte)'$', bytes.Length);
        Append(bytes);
        Append("\r\n"u8);
    }

    public void AppendText(string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        AppendLine((byte)'$', size);
        Encoding.UTF8.GetBytes(text, Room(size));
        Length += size;
        Append("\r\n"u8);
    }

    public void AppendNumber(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Format(number, digits, out var length);
        AppendBulk(digits[..length]);
    }

    private void AppendLine(byte type, int number)
    {
        var room = Room(16);
        room[0] = type;
        Format(number, room[1..], out var length);
        "\r\n"u8.CopyTo(room[(1 + length)..]);
        Length += length + 3;
    }

    private static void Format(long number, Span<byte> to, out int length)
    {
        var fits = Utf8Formatter.TryFormat(number, to, out length);
        Debug.Assert(fits, "20 bytes hold every long.");
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
