using System.Net;
using Amazon.Runtime;
using Amazon.S3;

namespace Rookery.Adapters.S3;

/// <summary>What a fault of the S3 server means, in words that name the setting to look at.</summary>
internal static class S3Fault
{
    private const string Told =
        "The store of media does not answer right now; nothing was stored. Try again in a few seconds.";

    /// <summary>A fault of the server, of the way there, or of the settings.</summary>
    public static bool Is(Exception fault) =>
        fault
            is AmazonServiceException
                or AmazonClientException
                or HttpRequestException
                or IOException
                or TimeoutException
        || IsTimeout(fault);

    public static StoreUnavailableException Of(Exception fault, S3Options options) =>
        new(Explain(fault, options), fault) { Told = Told };

    public static bool IsMissing(AmazonS3Exception fault) =>
        fault.StatusCode == HttpStatusCode.NotFound && !IsNoBucket(fault);

    public static bool IsNoBucket(AmazonS3Exception fault) => fault.ErrorCode == "NoSuchBucket";

    private static string Explain(Exception fault, S3Options options) =>
        fault switch
        {
            AmazonS3Exception { ErrorCode: "InvalidAccessKeyId" or "SignatureDoesNotMatch" } =>
                "The S3 server knows no such key: S3:AccessKey or S3:SecretKey is wrong.",
            AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden } =>
                $"The S3 server forbids this: the key of S3:AccessKey must be allowed to read, write and delete in the bucket {options.Bucket} (S3:Bucket).",
            AmazonS3Exception no when IsNoBucket(no) =>
                $"There is no bucket {options.Bucket} (S3:Bucket) on the S3 server, and it could not be made.",
            _ =>
                $"The S3 server {options.Endpoint} (S3:Endpoint) does not answer well: {fault.Message}",
        };

    /// <summary>HttpClient tells of a time that ran out as of a cancellation that nobody asked for.</summary>
    private static bool IsTimeout(Exception fault) =>
        fault is OperationCanceledException { InnerException: TimeoutException };
}
