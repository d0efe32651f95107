using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Rookery.Wire;

/// <summary>Encryption of a connection. The server's certificate is always checked.</summary>
public sealed class WireTls
{
    /// <summary>The authorities that may have signed the server's certificate; empty: those of the system.</summary>
    public X509Certificate2Collection Authorities { get; init; } = [];

    /// <summary>The name that the certificate must carry; null: the host that is connected to.</summary>
    public string? ServerName { get; init; }

    /// <summary>What this client shows when the server asks for a certificate.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    internal SslClientAuthenticationOptions For(WireEndpoint endpoint)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = ServerName ?? endpoint.Host,
        };
        if (Authorities.Count > 0)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(Authorities);
            options.CertificateChainPolicy = policy;
        }

        if (ClientCertificate is not null)
        {
            options.ClientCertificates = [ClientCertificate];
        }

        return options;
    }
}
