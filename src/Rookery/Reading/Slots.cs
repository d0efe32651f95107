namespace Rookery.Reading;

/// <summary>A number in eight bytes of JSON: digits to the right, blanks before them, replaced by one aligned store.</summary>
internal static class CountSlot
{
    public const int Width = sizeof(ulong);
    public const int Max = 99_999_999;

    /// <summary>The bytes in memory order of a little-endian machine. Larger numbers show as <see cref="Max"/>.</summary>
    public static ulong Encode(long count)
    {
        const ulong Blank = 0x2020_2020_2020_2020;
        // A blank is 0x20 and a digit 0x30 + d, so a digit is or-ed into its blank.
        const ulong DigitBits = 0x10;

        var rest = (uint)Math.Clamp(count, 0, Max);
        var text = Blank;
        var shift = 64;
        do
        {
            shift -= 8;
            text |= (DigitBits | (rest % 10)) << shift;
            rest /= 10;
        } while (rest != 0);
        return text;
    }
}

/// <summary>A truth value in five bytes of JSON.</summary>
internal static class FlagSlot
{
    public const int Width = 5;

    public static ReadOnlySpan<byte> False => "false"u8;

    public static ReadOnlySpan<byte> True => "true "u8;
}
