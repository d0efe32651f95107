using Amazon.S3.Model;

namespace Rookery.Adapters.S3;

/// <summary>The bytes of an answer. A server that stops in the middle is waited for as long as it is for an answer, and then is away.</summary>
internal sealed class PatientStream(GetObjectResponse answer, TimeSpan patience, S3Options options)
    : ForwardStream(answer.ContentLength)
{
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
            Left -= read;
            return read > 0 || Left <= 0 || buffer.Length == 0
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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            answer.Dispose();
        }

        base.Dispose(disposing);
    }
}
