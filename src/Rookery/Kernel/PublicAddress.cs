using System.Net;
using System.Net.Sockets;

namespace Rookery.Kernel;

/// <summary>
/// Whether an address is one that anybody in the internet could be at. All others lead to this machine, its network, to many at once or nowhere: a stranger who names one wants something that only
/// this machine reaches.
/// </summary>
internal static class PublicAddress
{
    /// <summary>IANA's registry of special addresses of IPv4 (RFC 6890 and its successors), and multicast.</summary>
    private static readonly IPNetwork[] _special =
    [
        .. new[]
        {
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // behind a provider's NAT
            "127.0.0.0/8", // loopback
            "169.254.0.0/16", // link-local, with what clouds tell their machines
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocols
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // relays of 6to4
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4", // reserved, and broadcast
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>What of IPv6 was given out so far: everything else is special or nobody's.</summary>
    private static readonly IPNetwork _global = IPNetwork.Parse("2000::/3");

    /// <summary>Of that what is special. The forms that have an address of IPv4 in them lead there by somebody's translator, so none of them is taken.</summary>
    private static readonly IPNetwork[] _specialOfGlobal =
    [
        .. new[]
        {
            "2001::/23", // protocols: Teredo, benchmarks, ORCHID
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4
            "3fff::/20", // documentation
        }.Select(IPNetwork.Parse),
    ];

    public static bool Is(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !Array.Exists(_special, network => network.Contains(address));
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            && (
                address.IsIPv4MappedToIPv6
                    ? Is(address.MapToIPv4())
                    : _global.Contains(address)
                        && !Array.Exists(_specialOfGlobal, network => network.Contains(address))
            );
    }
}
