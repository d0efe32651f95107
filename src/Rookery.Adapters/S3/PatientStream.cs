using Amazon.S3.Model;

namespace Rookery.Adapters.S3;

/// <summary>The bytes of an answer. A server that stops in the middle is waited for as long as it is for an answer, and then is away.</summary>
internal sealed class PatientStream(GetObjectResponse answer, TimeSpan patience, S3Options options)
    : Stream
{
    private long _left = answer.ContentLength;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => answer.ContentLength;

    public override long Position
    {
        get => answer.ContentLength - _left;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            var read = await answer.ResponseStream.ReadAsync(buffer, limit.Token);
            _left -= read;
            return read > 0 || _left <= 0 || buffer.Length == 0
                ? read
                : throw new EndOfStreamException("The answer broke off.");
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw S3Fault.Of(
                new TimeoutException($"nothing came for {patience.TotalSeconds} s", fault),
                options
            );
        }
        catch (Exception fault)
            when (S3Fault.Is(fault) && !cancellationToken.IsCancellationRequested)
        {
            throw S3Fault.Of(fault, options);
        }
    }

    public override Task<int> ReadAsync(
        byte[] buffer,
        int offset,
        int count,
        CancellationToken cancellationToken
    ) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            answer.Dispose();
        }

        base.Dispose(disposing);
    }
}
