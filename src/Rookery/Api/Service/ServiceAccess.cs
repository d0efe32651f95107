using System.Net;
using Microsoft.AspNetCore.Http;

namespace Rookery.Api.Service;

/// <summary>
/// Lets trusted backends in: those that send the service key, and in development anybody on this machine. The key is local, so no outage of another
/// part keeps a backend out.
/// </summary>
internal sealed class ServiceAccess(ServiceKey key, bool openOnLoopback)
{
    private readonly BearerKey _key = new(key.Value);

    /// <summary>True for those who may use the service API; no limit on people is meant for them.</summary>
    public bool IsTrusted(HttpContext context)
    {
        if (
            openOnLoopback
            && IsLocal(context.Connection.RemoteIpAddress)
            && IsNoPage(context.Request)
        )
        {
            return true;
        }

        return _key.IsSentWith(context.Request);
    }

    public Problem? Refuse(HttpContext context) =>
        IsTrusted(context)
            ? null
            : Problem.Unauthenticated(
                "The service API needs the service key: send it as `Authorization: Bearer KEY`. The server prints at start where it keeps the key."
            );

    /// <summary>
    /// A page of the web in a browser on this machine comes from loopback too, with its own origin, or under its own name where that name
    /// resolves to loopback.
    /// </summary>
    private static bool IsNoPage(HttpRequest request) =>
        IsLocalName(request.Host.Host)
        && (
            request.Headers.Origin.ToString() is not { Length: > 0 } origin
            || (Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsLocalName(page.Host))
        );

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsLocal(IPAddress? address) =>
        address is null || IPAddress.IsLoopback(address);
}
