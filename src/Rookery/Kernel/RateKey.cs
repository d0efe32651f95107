using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Rookery.Kernel;

/// <summary>Who a limit is counted for. Of fixed size, whatever a client sends as its name.</summary>
public readonly record struct RateKey
{
    /// <summary>How long it is when it is written.</summary>
    public const int Length = 34;

    private readonly UInt128 _value;
    private readonly Kind _kind;

    private RateKey(Kind kind, UInt128 value)
    {
        _kind = kind;
        _value = value;
    }

    // They stand where processes count together, so they stay.
    private enum Kind : byte
    {
        None = 0,
        Address4 = 1,
        Address6 = 2,
        Name = 3,
        Account = 4,
    }

    /// <summary>A caller that has no address, such as one on a local socket.</summary>
    public static RateKey NoAddress => default;

    public static RateKey OfAddress4(uint address) => new(Kind.Address4, address);

    /// <param name="network">The upper half of the address: its /64.</param>
    public static RateKey OfAddress6(ulong network) => new(Kind.Address6, network);

    public static RateKey OfAccount(AccountId account) => new(Kind.Account, (ulong)account.Value);

    /// <summary>Names are compared exactly: pass the folded form.</summary>
    public static RateKey OfName(ReadOnlySpan<char> folded)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(folded), digest);
        return new(Kind.Name, BinaryPrimitives.ReadUInt128LittleEndian(digest));
    }

    /// <summary>Writes it as ASCII: its kind and 32 hexadecimal digits.</summary>
    public void Write(Span<byte> ascii)
    {
        ascii[0] = (byte)('0' + (int)_kind);
        ascii[1] = (byte)'-';
        _value.TryFormat(
            ascii[2..],
            out _,
            "x32",
            System.Globalization.CultureInfo.InvariantCulture
        );
    }
}
