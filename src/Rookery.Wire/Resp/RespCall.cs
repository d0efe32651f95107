using Rookery.Wire.Redis;

namespace Rookery.Wire.Resp;

/// <summary>One command that somebody waits for, perhaps with others before it whose replies nobody needs.</summary>
internal sealed class RespCall(ReadOnlyMemory<byte> bytes, int replies = 1) : IRespRequest
{
    private readonly TaskCompletionSource<RedisReply> _reply = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>How many replies the bytes give; the last is the answer.</summary>
    public int Replies => replies;

    public Task<RedisReply> Answer => _reply.Task;

    public void Write(WireBuffer buffer, int first, int count) => buffer.Append(bytes.Span);

    public void Reply(int position, in RespValue value, RedisSource source)
    {
        if (position == replies - 1)
        {
            _reply.TrySetResult(new RedisReply(value, source));
        }
    }

    public void Fail(int first, int count, WireUnavailableException failure) =>
        _reply.TrySetResult(new RedisReply(failure));

    /// <summary>Sends it and waits; no answer is a reply too.</summary>
    public Task<RedisReply> OnAsync(RespConnection connection, CancellationToken stop)
    {
        if (connection.TrySend(this, 0, replies) is { } failure)
        {
            Fail(0, replies, failure);
        }

        return Answer.WaitAsync(stop);
    }
}
