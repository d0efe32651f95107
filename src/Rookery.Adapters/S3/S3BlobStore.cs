using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Media;

namespace Rookery.Adapters.S3;

/// <summary>
/// Blobs as objects of one bucket. What fits into one part is one request; more goes in parts, which become the object when all are there.
/// </summary>
internal sealed partial class S3BlobStore : IBlobStore, IDisposable
{
    private const int Retries = 1;

    private readonly S3Options _options;
    private readonly AmazonS3Client _client;
    private readonly ILogger<S3BlobStore> _logger;
    private readonly SemaphoreSlim _making = new(1);
    private volatile bool _isMade;
    private volatile bool _isAway;

    public S3BlobStore(IOptions<S3Options> options, ILogger<S3BlobStore> logger)
    {
        (_options, _logger) = (options.Value, logger);
        _client = new AmazonS3Client(
            new BasicAWSCredentials(_options.AccessKey, _options.SecretKey),
            new AmazonS3Config
            {
                ServiceURL = _options.Endpoint,
                AuthenticationRegion = _options.Region,
                ForcePathStyle = _options.PathStyle,
                Timeout = Patience,
                MaxErrorRetry = Retries,
                // The SDK's own checksums are headers that many servers do not know; what is sent is signed with its hash anyway.
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            }
        );
    }

    private TimeSpan Patience => TimeSpan.FromSeconds(_options.PatienceSeconds);

    public Task PutAsync(
        BlobName name,
        Stream content,
        long length,
        string contentType,
        CancellationToken token
    ) =>
        AskAsync(
            async () =>
            {
                await MakeBucketAsync(token);
                using var parts = new ContentParts(content, length, _options.PartBytes);
                await (
                    length <= _options.PartBytes
                        ? PutWholeAsync(name, parts, contentType, token)
                        : PutInPartsAsync(name, parts, contentType, token)
                );
                return true;
            },
            token
        );

    public Task<BlobPart?> OpenAsync(BlobName name, BlobRange? range, CancellationToken token) =>
        AskAsync(
            async () =>
            {
                try
                {
                    return await GetAsync(name, range, token);
                }
                catch (AmazonS3Exception fault)
                    when (fault.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    return await PastEndAsync(name, token);
                }
                catch (AmazonS3Exception fault)
                    when (S3Fault.IsMissing(fault) || S3Fault.IsNoBucket(fault))
                {
                    return null;
                }
            },
            token
        );

    public async ValueTask<Uri?> AddressOfAsync(
        BlobName name,
        TimeSpan lifetime,
        CancellationToken token
    ) =>
        new(
            await _client.GetPreSignedURLAsync(
                new GetPreSignedUrlRequest
                {
                    BucketName = _options.Bucket,
                    Key = name.ToString(),
                    Verb = HttpVerb.GET,
                    Protocol = _options.Endpoint.StartsWith("https:", StringComparison.Ordinal)
                        ? Protocol.HTTPS
                        : Protocol.HTTP,
                    Expires = DateTime.SpecifyKind(
                        TimeProvider.System.GetUtcNow().UtcDateTime + lifetime,
                        DateTimeKind.Utc
                    ),
                }
            )
        );

    public Task DeleteAsync(BlobName name, CancellationToken token) =>
        AskAsync(
            async () =>
            {
                try
                {
                    await _client.DeleteObjectAsync(_options.Bucket, name.ToString(), token);
                }
                catch (AmazonS3Exception fault)
                    when (S3Fault.IsMissing(fault) || S3Fault.IsNoBucket(fault))
                {
                    // It is as gone as it can be.
                }

                return true;
            },
            token
        );

    public void Dispose()
    {
        _client.Dispose();
        _making.Dispose();
    }

    private async Task PutWholeAsync(
        BlobName name,
        ContentParts parts,
        string contentType,
        CancellationToken token
    ) =>
        await _client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = _options.Bucket,
                Key = name.ToString(),
                InputStream = await parts.NextAsync(token),
                ContentType = contentType,
            },
            token
        );

    private async Task PutInPartsAsync(
        BlobName name,
        ContentParts parts,
        string contentType,
        CancellationToken token
    )
    {
        var upload = (
            await _client.InitiateMultipartUploadAsync(
                new InitiateMultipartUploadRequest
                {
                    BucketName = _options.Bucket,
                    Key = name.ToString(),
                    ContentType = contentType,
                },
                token
            )
        ).UploadId;
        try
        {
            var sent = new List<PartETag>();
            while (await parts.NextAsync(token) is { Length: > 0 } part)
            {
                sent.Add(await SendAsync(name, upload, sent.Count + 1, part, token));
            }

            await _client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = _options.Bucket,
                    Key = name.ToString(),
                    UploadId = upload,
                    PartETags = sent,
                },
                token
            );
        }
        catch
        {
            await GiveUpAsync(name, upload);
            throw;
        }
    }

    private async Task<PartETag> SendAsync(
        BlobName name,
        string upload,
        int number,
        Stream part,
        CancellationToken token
    )
    {
        var answer = await _client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = _options.Bucket,
                Key = name.ToString(),
                UploadId = upload,
                PartNumber = number,
                PartSize = part.Length,
                InputStream = part,
            },
            token
        );
        return new PartETag(number, answer.ETag);
    }

    /// <summary>Parts that nobody puts together would lie in the bucket for ever. Where the server is away, its own rule for such has to do.</summary>
    private async Task GiveUpAsync(BlobName name, string upload)
    {
        try
        {
            await _client.AbortMultipartUploadAsync(
                _options.Bucket,
                name.ToString(),
                upload,
                CancellationToken.None
            );
        }
        catch (Exception fault) when (S3Fault.Is(fault))
        {
            PartsLeft(_logger, fault);
        }
    }

    private async Task<BlobPart?> GetAsync(BlobName name, BlobRange? range, CancellationToken token)
    {
        var request = new GetObjectRequest { BucketName = _options.Bucket, Key = name.ToString() };
        if (range is { } part)
        {
            request.ByteRange = new ByteRange($"bytes={part.First}-{part.Last}");
        }

        var answer = await _client.GetObjectAsync(request, token);
        var length = answer.ContentLength;
        var (offset, total) = ContentRange(answer.ContentRange) is { } said ? said : (0L, length);
        return new BlobPart(new PatientStream(answer, Patience, _options), offset, length, total);
    }

    /// <summary><c>bytes 5-9/30</c>: where it begins, and of how many.</summary>
    private static (long Offset, long Total)? ContentRange(string? header) =>
        System.Net.Http.Headers.ContentRangeHeaderValue.TryParse(header, out var range)
        && range is { From: { } from, Length: { } total }
            ? (from, total)
            : null;

    private async Task<BlobPart?> PastEndAsync(BlobName name, CancellationToken token)
    {
        var blob = await _client.GetObjectMetadataAsync(_options.Bucket, name.ToString(), token);
        return new BlobPart(Stream.Null, blob.ContentLength, 0, blob.ContentLength);
    }

    private async Task MakeBucketAsync(CancellationToken token)
    {
        if (_isMade)
        {
            return;
        }

        await _making.WaitAsync(token);
        try
        {
            if (!_isMade && !await HasBucketAsync(token))
            {
                await _client.PutBucketAsync(
                    new PutBucketRequest { BucketName = _options.Bucket, UseClientRegion = true },
                    token
                );
                BucketMade(_logger, _options.Bucket);
            }

            _isMade = true;
        }
        finally
        {
            _making.Release();
        }
    }

    private async Task<bool> HasBucketAsync(CancellationToken token)
    {
        try
        {
            await _client.HeadBucketAsync(
                new HeadBucketRequest { BucketName = _options.Bucket },
                token
            );
            return true;
        }
        catch (AmazonS3Exception fault) when (fault.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken token)
    {
        try
        {
            var answer = await ask();
            if (_isAway)
            {
                _isAway = false;
                IsBack(_logger);
            }

            return answer;
        }
        catch (Exception fault) when (S3Fault.Is(fault) && !token.IsCancellationRequested)
        {
            var unavailable = S3Fault.Of(fault, _options);
            // Somebody may have taken the bucket away: the next put looks for it.
            _isMade = false;
            if (!_isAway)
            {
                _isAway = true;
                Away(_logger, fault, unavailable.Message);
            }

            throw unavailable;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Media cannot be reached: {Reason}")]
    private static partial void Away(ILogger logger, Exception fault, string reason);

    [LoggerMessage(2, LogLevel.Information, "Media can be reached again")]
    private static partial void IsBack(ILogger logger);

    [LoggerMessage(3, LogLevel.Information, "The bucket {Bucket} was made")]
    private static partial void BucketMade(ILogger logger, string bucket);

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "Parts of an upload that was given up may be left on the S3 server"
    )]
    private static partial void PartsLeft(ILogger logger, Exception fault);
}
