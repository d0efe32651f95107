using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Rookery.Kernel;

internal static class ClientAddress
{
    /// <summary>IPv4 whole, also when mapped into IPv6; IPv6 by /64, the least that one subscriber is given.</summary>
    public static RateKey KeyOf(IPAddress? address)
    {
        if (address is null)
        {
            return RateKey.NoAddress;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return RateKey.OfAddress4(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        }

        return address.IsIPv4MappedToIPv6
            ? RateKey.OfAddress4(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]))
            : RateKey.OfAddress6(BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }
}
