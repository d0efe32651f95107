using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rookery.Kernel;

/// <summary>The authorities that may have signed a server's certificate, as a PEM file that an operator names; without one those of the system.</summary>
internal sealed class TrustedAuthorities
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2Collection _authorities;

    private TrustedAuthorities(X509Certificate2Collection authorities) =>
        _authorities = authorities;

    /// <summary>What is wrong with the file, null where nothing is.</summary>
    public static string? WrongIn(string file)
    {
        try
        {
            Read(file);
            return null;
        }
        catch (StoreUnavailableException fault)
        {
            return fault.Message;
        }
    }

    /// <param name="file">empty: the system's</param>
    /// <exception cref="StoreUnavailableException">It cannot be read, or holds no certificate.</exception>
    public static TrustedAuthorities Read(string file)
    {
        var authorities = new X509Certificate2Collection();
        if (file.Length == 0)
        {
            return new TrustedAuthorities(authorities);
        }

        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception fault)
            when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"'{file}' cannot be read: {fault.Message}", fault);
        }

        return authorities.Count > 0
            ? new TrustedAuthorities(authorities)
            : throw new StoreUnavailableException($"'{file}' holds no certificate in PEM");
    }

    /// <summary>Whether a server may be spoken to: its certificate carries its name, and one of the authorities vouches for it.</summary>
    /// <param name="sent">what the server sent beside its certificate</param>
    public bool Accepts(X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (
            _authorities.Count == 0
            || certificate is null
            || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None
        )
        {
            return errors == SslPolicyErrors.None;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        using var own = new X509Certificate2(certificate);
        return chain.Build(own);
    }
}
