namespace Rookery.Wire.Redis;

/// <summary>Which of the 16,384 slots of a cluster a key is in: CRC16 (XMODEM) of the key, or of what stands in its first braces.</summary>
public static class KeySlot
{
    /// <summary>How many slots a cluster has.</summary>
    public const int Count = 16384;

    /// <summary>Of a command without a key: any node may run it.</summary>
    internal const int None = -1;

    private static readonly ushort[] Table = Fill();

    /// <summary>From 0 to one less than <see cref="Count"/>. Keys with the same text in braces are in the same slot: <c>{42}a</c>, <c>{42}b</c>.</summary>
    public static int Of(ReadOnlySpan<byte> key)
    {
        var open = key.IndexOf((byte)'{');
        if (open >= 0)
        {
            var length = key[(open + 1)..].IndexOf((byte)'}');
            key = length > 0 ? key.Slice(open + 1, length) : key;
        }

        var crc = 0;
        foreach (var value in key)
        {
            crc = ((crc << 8) & 0xffff) ^ Table[((crc >> 8) ^ value) & 0xff];
        }

        return crc % Count;
    }

    private static ushort[] Fill()
    {
        var table = new ushort[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = i << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
            }

            table[i] = (ushort)crc;
        }

        return table;
    }
}
