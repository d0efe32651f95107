using System.Net;

namespace Rookery.Server.Composition;

/// <summary>The addresses of --urls. TLS is a load balancer's.</summary>
internal static class ListenUrls
{
    /// <param name="onlyLoopback">Addresses that others can reach are refused.</param>
    /// <exception cref="StoreUnavailableException">One of them is none that can be listened on; the message names it.</exception>
    public static string[] Split(string urls, bool onlyLoopback)
    {
        var all = urls.Split(
            ';',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        if (Array.Find(all, url => !IsServed(url)) is { } wrong)
        {
            throw Wrong(
                $"{wrong} is no address to listen on: it takes http://, a host or IP address and a port up to {IPEndPoint.MaxPort}."
            );
        }

        if (Array.TrueForAll(all, url => BindingAddress.Parse(url).IsUnixPipe))
        {
            throw Wrong("There is no address with a port to listen on.");
        }

        return onlyLoopback && Array.Find(all, url => !IsLoopback(url)) is { } open
            ? throw Wrong(
                $"--dev makes people with printed passwords and opens the service API, so it listens on loopback only; {open} is more than that."
            )
            : all;
    }

    private static StoreUnavailableException Wrong(string what) =>
        new($"{what} Name addresses as in --urls \"http://127.0.0.1:8080;http://[::1]:8080\".");

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

    private static bool IsLoopback(string url)
    {
        var address = BindingAddress.Parse(url);
        return address.IsUnixPipe
            || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));
    }
}
