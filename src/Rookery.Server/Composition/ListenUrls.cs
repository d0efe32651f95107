using System.Net;

namespace Rookery.Server.Composition;

/// <summary>The addresses of --urls. TLS is a load balancer's.</summary>
internal static class ListenUrls
{
    /// <exception cref="FormatException">One of them is none that can be listened on; the message names it.</exception>
    public static string[] Split(string urls)
    {
        var all = urls.Split(
            ';',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        return Array.Find(all, url => !IsServed(url)) is { } wrong
            ? throw new FormatException(
                $"{wrong} is no address to listen on: it takes http://, a host or IP address and a port up to {IPEndPoint.MaxPort}."
            )
            : all;
    }

    private static bool IsServed(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme == "http"
                && address.PathBase.Length == 0
                && (address.IsUnixPipe || address.Port is >= 0 and <= IPEndPoint.MaxPort);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
