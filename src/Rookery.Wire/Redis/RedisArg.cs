using System.Globalization;
using Rookery.Wire.Resp;

namespace Rookery.Wire.Redis;

/// <summary>One argument of a command: bytes, text (sent as UTF-8) or a number. Conversions are implicit, so calls read as Redis's own manual does.</summary>
public readonly struct RedisArg
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly string? _text;
    private readonly long? _number;

    private RedisArg(ReadOnlyMemory<byte> bytes, string? text = null, long? number = null) =>
        (_bytes, _text, _number) = (bytes, text, number);

    public static implicit operator RedisArg(byte[] bytes) => new(bytes);

    public static implicit operator RedisArg(ReadOnlyMemory<byte> bytes) => new(bytes);

    public static implicit operator RedisArg(Memory<byte> bytes) => new(bytes);

    public static implicit operator RedisArg(string text) => new(default, text);

    public static implicit operator RedisArg(long number) => new(default, number: number);

    public static implicit operator RedisArg(double number) =>
        new(default, number.ToString("R", CultureInfo.InvariantCulture));

    internal void WriteTo(WireBuffer buffer)
    {
        if (_text is not null)
        {
            buffer.AppendText(_text);
        }
        else if (_number is { } number)
        {
            buffer.AppendNumber(number);
        }
        else
        {
            buffer.AppendBulk(_bytes.Span);
        }
    }
}
