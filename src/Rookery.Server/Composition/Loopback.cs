using System.Net;

namespace Rookery.Server.Composition;

/// <summary>Which addresses only this machine can reach.</summary>
internal static class Loopback
{
    /// <summary>The first address that others may reach too; null when there is none.</summary>
    public static string? FirstOther(IEnumerable<string> urls) =>
        urls.FirstOrDefault(url => !Is(url));

    private static bool Is(string url)
    {
        var host = BindingAddress.Parse(url).Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.StartsWith("unix:", StringComparison.Ordinal)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }
}
