using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Rookery.Kernel;

/// <summary>Who a limit is counted for. Of fixed size, whatever a client sends as its name.</summary>
internal readonly record struct RateKey
{
    private readonly UInt128 _value;
    private readonly Kind _kind;

    private RateKey(Kind kind, UInt128 value)
    {
        _kind = kind;
        _value = value;
    }

    private enum Kind : byte
    {
        None,
        Address4,
        Address6,
        Name,
        Account,
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
}
