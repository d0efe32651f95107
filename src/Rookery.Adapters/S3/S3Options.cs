using System.ComponentModel.DataAnnotations;

namespace Rookery.Adapters.S3;

/// <summary>
/// Where media lie when they do not lie in the data folder: a bucket on Amazon's S3, on Ceph, or on anything else that speaks as it does.
/// </summary>
public sealed class S3Options : IValidatableObject
{
    public const string Section = "S3";

    /// <summary>The server, as <c>https://host</c> or <c>http://host:port</c>. Empty: media lie in the data folder.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Made where it does not exist and the key may make it. Nobody but Rookery puts anything there.</summary>
    [RegularExpression("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")]
    public string Bucket { get; set; } = "rookery";

    /// <summary>The name of a key that may read, write and delete in the bucket.</summary>
    public string AccessKey { get; set; } = "";

    /// <summary>The secret of that key.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>What requests are signed for; other servers than Amazon's take any.</summary>
    [RegularExpression("[a-zA-Z0-9-]{1,40}")]
    public string Region { get; set; } = "us-east-1";

    /// <summary>The bucket stands in the path (<c>host/bucket/…</c>), not in the host's name (<c>bucket.host/…</c>).</summary>
    public bool PathStyle { get; set; } = true;

    /// <summary>Seconds that one request, or the next bytes of an answer, are waited for.</summary>
    [Range(1, 600)]
    public int PatienceSeconds { get; set; } = 10;

    /// <summary>Bytes that are sent in one request, and held in memory meanwhile; what is larger goes in parts. S3 takes none below 5 MiB.</summary>
    [Range(5 << 20, 64 << 20)]
    public int PartBytes { get; set; } = 8 << 20;

    internal bool IsUsed => Endpoint.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsUsed)
        {
            yield break;
        }

        if (
            !Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
            || uri.AbsolutePath != "/"
            || uri.Query.Length > 0
            || uri.UserInfo.Length > 0
        )
        {
            yield return new(
                $"{Section}:{nameof(Endpoint)} must be http://host:port or https://host."
            );
        }

        if (AccessKey.Length == 0 || SecretKey.Length == 0)
        {
            yield return new(
                $"{Section}:{nameof(Endpoint)} is set, so {Section}:{nameof(AccessKey)} and {Section}:{nameof(SecretKey)} must be, too."
            );
        }
    }
}
