using System.IO.Pipelines;

namespace Rookery.TestKit;

/// <summary>A response that owns one buffer, so that what it allocates is not counted as the writer's.</summary>
internal sealed class OneBufferPipe(int size) : PipeWriter
{
    private readonly byte[] _buffer = new byte[size];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => Length;

    public void Clear() => Length = 0;

    public override void Advance(int bytes) => Length += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer.AsMemory(Length);

    public override Span<byte> GetSpan(int sizeHint = 0) => _buffer.AsSpan(Length);

    public override ValueTask<FlushResult> FlushAsync(
        CancellationToken cancellationToken = default
    ) => default;

    public override void CancelPendingFlush() { }

    public override void Complete(Exception? exception = null) { }
}
