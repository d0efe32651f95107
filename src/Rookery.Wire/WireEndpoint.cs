using System.Globalization;
using System.Net;

namespace Rookery.Wire;

/// <summary>Where a server listens. The host is a name or an address, without brackets.</summary>
public readonly record struct WireEndpoint(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>, <c>10.0.0.1:6379</c> or <c>[::1]:6379</c>.</summary>
    /// <exception cref="FormatException">It is none of these; the message says what was found.</exception>
    public static WireEndpoint Parse(string text) =>
        TryParse(text, out var endpoint)
            ? endpoint
            : throw new FormatException($"'{text}' is not host:port.");

    public static bool TryParse(string? text, out WireEndpoint endpoint)
    {
        endpoint = default;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || !TryPort(text![(colon + 1)..], out var port))
        {
            return false;
        }

        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            return false;
        }

        endpoint = new WireEndpoint(host, port);
        return host.Length > 0;
    }

    /// <summary>Redis announces IPv6 addresses without brackets: the port is behind the last colon.</summary>
    internal static bool TryParseAnnounced(string text, out WireEndpoint endpoint)
    {
        endpoint = default;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !TryPort(text[(colon + 1)..], out var port))
        {
            return false;
        }

        endpoint = new WireEndpoint(text[..colon].Trim('[', ']'), port);
        return true;
    }

    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    internal EndPoint ToSocketAddress() =>
        IPAddress.TryParse(Host, out var address)
            ? new IPEndPoint(address, Port)
            : new DnsEndPoint(Host, Port);

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
        && port is > 0 and <= IPEndPoint.MaxPort;
}
