using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Rookery.Mail;

/// <summary>Where the links of mails begin: what the settings say, else where this server listens. Never what some request was sent to.</summary>
internal sealed class MailSite(IOptions<MailOptions> options, IServer? server)
{
    private const string Nowhere = "http://localhost";

    public string Of(string path) => Root + path;

    private string Root =>
        options.Value.Site.Length > 0 ? options.Value.Site.TrimEnd('/') : Listening ?? Nowhere;

    /// <summary>On all addresses of this machine is also on its own name.</summary>
    private string? Listening =>
        server
            ?.Features.Get<IServerAddressesFeature>()
            ?.Addresses.Where(address => !address.Contains("unix:", StringComparison.Ordinal))
            .Select(address =>
                address
                    .Replace("//[::]", "//localhost", StringComparison.Ordinal)
                    .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
                    .Replace("//*", "//localhost", StringComparison.Ordinal)
                    .Replace("//+", "//localhost", StringComparison.Ordinal)
                    .TrimEnd('/')
            )
            .FirstOrDefault();
}
