using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Rookery.Adapters.Logs;

/// <summary>Lines of RFC 5424, each behind its length (RFC 6587, octet counting).</summary>
internal sealed class SyslogFormat(LogSource source, int facility, int lineBytes)
{
    /// <summary>The number that the register of enterprises keeps for those who have none.</summary>
    private const string DataId = "rookery@32473";

    // Of RFC 5424, section 6.
    private const int MostOfHost = 255;
    private const int MostOfEvent = 32;
    private const int MostOfValue = 256;

    private readonly LineBuffer _line = new(lineBytes);

    /// <summary>The line as it goes over the connection.</summary>
    public byte[] Write(LogLine line)
    {
        _line.Clear();
        WriteHeader(line);
        WriteData(line);
        WriteText(line);
        return [.. Encoding.ASCII.GetBytes($"{_line.Bytes.Length} "), .. _line.Bytes];
    }

    private void WriteHeader(LogLine line)
    {
        var priority = facility * 8 + SeverityOf(line.Level);
        _line.Append(
            string.Create(
                CultureInfo.InvariantCulture,
                $"<{priority}>1 {line.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ} "
            )
        );
        _line.AppendName(source.Host, MostOfHost);
        _line.Append(
            string.Create(CultureInfo.InvariantCulture, $" {LogSource.Product} {source.ProcessId} ")
        );
        _line.AppendName(line.Event, MostOfEvent);
    }

    private void WriteData(LogLine line)
    {
        _line.Append($" [{DataId}");
        WriteParameter("trace", line.Trace.ToHexString());
        if (line.Span != default)
        {
            WriteParameter("span", line.Span.ToHexString());
        }

        WriteParameter("role", source.Roles);
        WriteParameter("instance", source.Instance);
        WriteParameter("category", line.Category);
        _line.Append("] "u8);
    }

    private void WriteParameter(string name, string value)
    {
        _line.Append($" {name}=\"");
        _line.AppendQuoted(value, MostOfValue);
        _line.Append("\""u8);
    }

    private void WriteText(LogLine line)
    {
        // What is more than ASCII is said to be UTF-8 by the mark before it.
        if (!Ascii.IsValid(line.Message) || (line.Fault is { } fault && !Ascii.IsValid(fault)))
        {
            _line.Append("\uFEFF");
        }

        _line.AppendText(line.Message);
        if (line.Fault is not null)
        {
            _line.AppendText("\n" + line.Fault);
        }
    }

    private static int SeverityOf(LogLevel level) =>
        level switch
        {
            LogLevel.Critical => 2,
            LogLevel.Error => 3,
            LogLevel.Warning => 4,
            LogLevel.Information => 6,
            _ => 7,
        };
}
