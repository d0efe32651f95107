using System.Buffers.Text;
using System.Globalization;

namespace Rookery.Wire.Resp;

/// <summary>The first line of a value: what it is, and the number or text that stands there.</summary>
internal readonly ref struct RespHeader(byte type, ReadOnlySpan<byte> line)
{
    public byte Type { get; } = type;

    /// <summary>Between the type and the end of the line.</summary>
    public ReadOnlySpan<byte> Line { get; } = line;

    /// <summary>With the type and the two bytes that end the line.</summary>
    public int Length => Line.Length + 3;

    public bool IsBulk => Type is (byte)'$' or (byte)'!' or (byte)'=';

    public bool IsAggregate =>
        Type is (byte)'*' or (byte)'%' or (byte)'~' or (byte)'>' or (byte)'|';

    public bool IsAttribute => Type == (byte)'|';

    public bool IsPair => Type is (byte)'%' or (byte)'|';

    /// <summary>False while the line is not complete.</summary>
    /// <exception cref="WireProtocolException">It can no longer become one.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RespHeader header)
    {
        header = default;
        if (bytes.IsEmpty)
        {
            return false;
        }

        var longest = LongestLine(bytes[0]);
        var rest = bytes[1..];
        var end = rest[..Math.Min(rest.Length, longest + 1)].IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
        {
            return rest.Length <= longest
                ? false
                : throw Malformed($"the line after {Name(bytes[0])} has no end");
        }

        if (rest[end] == '\n' || (end + 1 < rest.Length && rest[end + 1] != '\n'))
        {
            throw Malformed($"the line after {Name(bytes[0])} does not end with CR LF");
        }

        if (end + 1 == rest.Length)
        {
            return false;
        }

        header = new RespHeader(bytes[0], rest[..end]);
        return true;
    }

    /// <summary>A length or a count; -1 is null.</summary>
    public long ReadCount(long most)
    {
        if (!TryInteger(Line, out var count) || count < -1 || Line[0] == '+')
        {
            throw Malformed($"the length after {Name(Type)} is no number");
        }

        if (count == -1 && Type is not ((byte)'$' or (byte)'*'))
        {
            throw Malformed($"the length after {Name(Type)} is negative");
        }

        return count <= most
            ? count
            : throw Malformed($"the length after {Name(Type)} is {count}; at most {most} is read");
    }

    public static bool TryInteger(ReadOnlySpan<byte> text, out long number)
    {
        var digits = !text.IsEmpty && text[0] == '+' ? text[1..] : text;
        return Utf8Parser.TryParse(digits, out number, out var used)
            && used == digits.Length
            && (digits.Length == text.Length || digits[0] is not ((byte)'-' or (byte)'+'));
    }

    public static bool TryDouble(ReadOnlySpan<byte> text, out double number)
    {
        number =
            text.SequenceEqual("inf"u8) || text.SequenceEqual("+inf"u8) ? double.PositiveInfinity
            : text.SequenceEqual("-inf"u8) ? double.NegativeInfinity
            : double.NaN;
        return !double.IsNaN(number)
            || text.SequenceEqual("nan"u8)
            || text.SequenceEqual("-nan"u8)
            || (
                double.TryParse(
                    text,
                    NumberStyles.AllowLeadingSign
                        | NumberStyles.AllowDecimalPoint
                        | NumberStyles.AllowExponent,
                    CultureInfo.InvariantCulture,
                    out number
                ) && double.IsFinite(number)
            );
    }

    public static string Name(byte type) =>
        type is > 32 and < 127 ? $"'{(char)type}'" : $"0x{type:x2}";

    public static WireProtocolException Malformed(string what) =>
        new($"Not the Redis protocol: {what}.");

    private static int LongestLine(byte type) =>
        type switch
        {
            (byte)'+' or (byte)'-' or (byte)'(' => RespLimits.LineBytes,
            (byte)',' => 64,
            (byte)'#' => 1,
            (byte)'_' => 0,
            (byte)':' or (byte)'$' or (byte)'!' or (byte)'=' => RespLimits.NumberBytes,
            (byte)'*' or (byte)'%' or (byte)'~' or (byte)'>' or (byte)'|' => RespLimits.NumberBytes,
            _ => throw Malformed($"no value begins with {Name(type)}"),
        };
}
