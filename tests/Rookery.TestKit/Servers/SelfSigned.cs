using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rookery.TestKit.Servers;

/// <summary>A certificate for servers on the loopback address, that vouches for itself.</summary>
internal static class SelfSigned
{
    public static async Task WriteAsync(
        string certificateFile,
        string keyFile,
        CancellationToken stop
    )
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=localhost",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(
                certificateAuthority: true,
                hasPathLengthConstraint: false,
                pathLengthConstraint: 0,
                critical: true
            )
        );
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await ServerUser.WriteAsync(certificateFile, certificate.ExportCertificatePem(), stop);
        await ServerUser.WriteAsync(keyFile, key.ExportPkcs8PrivateKeyPem(), stop);
    }
}
