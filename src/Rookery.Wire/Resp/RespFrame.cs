namespace Rookery.Wire.Resp;

/// <summary>Steps over values in bytes that a scanner has passed.</summary>
internal static class RespFrame
{
    /// <summary>Where the value that begins at a place ends. An attribute ends before what it belongs to.</summary>
    public static int End(ReadOnlySpan<byte> bytes, int at)
    {
        var left = 1L;
        var isFirst = true;
        while (left > 0)
        {
            RespHeader.TryRead(bytes[at..], out var header);
            at += header.Length;
            left--;
            if (header.IsAggregate)
            {
                left += Math.Max(0, header.ReadCount(int.MaxValue)) * (header.IsPair ? 2 : 1);
                left += header.IsAttribute && !isFirst ? 1 : 0;
            }
            else if (header.IsBulk && header.Line[0] != '-')
            {
                at += (int)header.ReadCount(int.MaxValue) + 2;
            }

            isFirst = false;
        }

        return at;
    }
}
