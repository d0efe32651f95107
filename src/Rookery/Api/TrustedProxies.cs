using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Rookery.Api;

/// <summary>Proxies in front of the server, whose word on a client's address and on how it was reached is taken. Without any, a client has the address that it connects from.</summary>
public sealed class ProxiesOptions : IValidatableObject
{
    public const string Section = "Proxies";

    /// <summary>
    /// The proxies' addresses or networks with commas between them, such as 10.0.0.2,10.1.0.0/16,::1. A request from one of them counts, for limits by
    /// address, as its `X-Forwarded-For` says, the last address there, and the addresses that answers name begin with what its `X-Forwarded-Proto` says, `https` where
    /// the proxy ends TLS; the proxy must replace what its client sent under these names. Empty: nobody's word is taken.
    /// </summary>
    public string Trusted { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from name in Names()
        where !IPAddress.TryParse(name, out _) && !IPNetwork.TryParse(name, out _)
        select new ValidationResult(
            $"{Section}:{nameof(Trusted)} has {name}, which is no address and no network; write them as 10.0.0.2,10.1.0.0/16.",
            [nameof(Trusted)]
        );

    internal ForwardedHeadersOptions? ToForwardedHeaders()
    {
        var names = Names();
        if (names.Length == 0)
        {
            return null;
        }

        // The last one alone: what stands before it the client may have written.
        var headers = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = 1,
        };
        // The framework would believe whoever comes from this machine.
        headers.KnownProxies.Clear();
        headers.KnownIPNetworks.Clear();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                headers.KnownProxies.Add(address);
            }
            else
            {
                headers.KnownIPNetworks.Add(IPNetwork.Parse(name));
            }
        }

        return headers;
    }

    private string[] Names() =>
        Trusted.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

internal static class TrustedProxies
{
    /// <summary>Before all that asks for a client's address.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder app)
    {
        // With no proxy named, the framework's middleware would believe everybody.
        if (
            app
                .ApplicationServices.GetRequiredService<IOptions<ProxiesOptions>>()
                .Value.ToForwardedHeaders() is
            { } headers
        )
        {
            app.UseForwardedHeaders(headers);
        }
    }
}
