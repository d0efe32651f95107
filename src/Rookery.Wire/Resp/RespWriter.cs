using System.Buffers.Text;
using System.Text;

namespace Rookery.Wire.Resp;

/// <summary>Commands as Redis takes them: an array of strings, the name first.</summary>
internal static class RespWriter
{
    /// <summary>The head of a command: how many strings follow, its name among them.</summary>
    public static void BeginCommand(this WireBuffer buffer, string name, int arguments)
    {
        buffer.AppendLine("*"u8, arguments + 1);
        buffer.AppendText(name);
    }

    public static void AppendBulk(this WireBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        buffer.AppendLine("$"u8, bytes.Length);
        buffer.Append(bytes);
        buffer.Append("\r\n"u8);
    }

    public static void AppendText(this WireBuffer buffer, string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        buffer.AppendLine("$"u8, size);
        buffer.AppendUtf8(text, size);
        buffer.Append("\r\n"u8);
    }

    public static void AppendNumber(this WireBuffer buffer, long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out var length);
        buffer.AppendBulk(digits[..length]);
    }

    private static void AppendLine(this WireBuffer buffer, ReadOnlySpan<byte> type, int number)
    {
        buffer.Append(type);
        buffer.AppendDigits(number);
        buffer.Append("\r\n"u8);
    }
}
