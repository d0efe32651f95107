namespace Rookery.Wire.Resp;

/// <summary>Scans a reply to its end, and copies of it what must outlive the buffer.</summary>
internal sealed class RespParser(RespLimits limits) : IWireParser<RespValue>
{
    private readonly RespScanner _scanner = new(limits);

    public bool TryParse(ReadOnlySpan<byte> bytes, out RespValue reply, out int length)
    {
        var isWhole = _scanner.TryScan(bytes, out length);
        reply = isWhole ? RespValue.CopyOf(bytes[..length]) : default;
        return isWhole;
    }
}
