using System.Globalization;
using Microsoft.Extensions.Logging;
using Rookery.Wire;

namespace Rookery.Adapters.Logs;

/// <summary>
/// Lines as the request that a collector takes at <c>/v1/logs</c>. The numbers are those of the fields in OpenTelemetry's protocol, which only grows.
/// </summary>
internal sealed class OtlpFormat(LogSource source)
{
    private static readonly long _epoch = DateTimeOffset.UnixEpoch.UtcTicks;

    public byte[] Write(IReadOnlyList<LogLine> lines)
    {
        var ofResource = new ProtoMessage().Message(1, Resource());
        foreach (var category in lines.GroupBy(line => line.Category))
        {
            var ofScope = new ProtoMessage().Message(1, new ProtoMessage().Text(1, category.Key));
            foreach (var line in category)
            {
                ofScope.Message(2, Record(line));
            }

            ofResource.Message(2, ofScope);
        }

        return new ProtoMessage().Message(1, ofResource).ToArray();
    }

    private ProtoMessage Resource() =>
        new ProtoMessage()
            .Message(1, Attribute("service.name", LogSource.Product))
            .Message(1, Attribute("service.instance.id", source.Instance))
            .Message(1, Attribute("rookery.role", source.Roles))
            .Message(1, Attribute("host.name", source.Host))
            .Message(
                1,
                Attribute("process.pid", source.ProcessId.ToString(CultureInfo.InvariantCulture))
            );

    private static ProtoMessage Record(LogLine line)
    {
        var (number, text) = SeverityOf(line.Level);
        var nanoseconds = (ulong)(line.At.UtcTicks - _epoch) * 100;
        var record = new ProtoMessage()
            .Fixed(1, nanoseconds)
            .Number(2, number)
            .Text(3, text)
            .Message(5, Value(line.Message));
        if (line.Fault is not null)
        {
            record.Message(6, Attribute("exception.stacktrace", line.Fault));
        }

        Span<byte> id = stackalloc byte[16];
        line.Trace.CopyTo(id);
        record.Bytes(9, id);
        if (line.Span != default)
        {
            line.Span.CopyTo(id[..8]);
            record.Bytes(10, id[..8]);
        }

        record.Fixed(11, nanoseconds);
        return line.Event is null ? record : record.Text(12, line.Event);
    }

    private static ProtoMessage Attribute(string key, string value) =>
        new ProtoMessage().Text(1, key).Message(2, Value(value));

    private static ProtoMessage Value(string text) => new ProtoMessage().Text(1, text);

    private static (ulong Number, string Text) SeverityOf(LogLevel level) =>
        level switch
        {
            LogLevel.Trace => (1, "TRACE"),
            LogLevel.Debug => (5, "DEBUG"),
            LogLevel.Information => (9, "INFO"),
            LogLevel.Warning => (13, "WARN"),
            LogLevel.Error => (17, "ERROR"),
            _ => (21, "FATAL"),
        };
}
