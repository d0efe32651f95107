using Rookery.Wire.Resp;

namespace Rookery.Wire.Redis;

/// <summary>
/// A connection of its own that watches keys: reads first, then commands that run all together, or not at all when a watched key was
/// changed since. Disposing without executing gives up what was watched. One caller at a time.
/// </summary>
public sealed class RedisTransaction : IAsyncDisposable
{
    private readonly RedisSessionPool _pool;
    private readonly RespConnection _connection;
    private readonly Func<Redirect, CancellationToken, ValueTask> _redirected;
    private bool _isWatching = true;
    private bool _isReturned;

    internal RedisTransaction(
        RedisSessionPool pool,
        RespConnection connection,
        Func<Redirect, CancellationToken, ValueTask> redirected
    ) => (_pool, _connection, _redirected) = (pool, connection, redirected);

    /// <summary>Whom it speaks with: a source of its own, which <see cref="RedisOptions.SourceOpened"/> is not told of.</summary>
    public RedisSource Source => _connection.Source;

    /// <summary>Runs one command now, outside of what <see cref="ExecuteAsync"/> runs.</summary>
    public Task<RedisReply> SendAsync(RedisCommand command, CancellationToken stop) =>
        new RespCall(command.Bytes).OnAsync(_connection, stop);

    /// <summary>Runs commands now, in one round trip.</summary>
    public async Task SendAsync(RedisBatch batch, CancellationToken stop)
    {
        var flight = batch.Depart();
        var landed = false;
        try
        {
            flight.SendAll(_connection);
            await flight.LandAsync(stop);
            landed = true;
        }
        finally
        {
            batch.Land(flight, landed);
        }
    }

    /// <summary>
    /// Runs all commands with nothing in between. False: a watched key was changed, or its slot moved, and nothing was run. True: each
    /// has its reply, which may be an error of its own.
    /// </summary>
    /// <exception cref="WireUnavailableException">Nobody knows whether they were run, unless it says that they were never sent.</exception>
    /// <exception cref="RespErrorException">The server did not take a command (out of memory, no replicas, unknown): nothing was run.</exception>
    public async Task<bool> ExecuteAsync(RedisBatch batch, CancellationToken stop)
    {
        var flight = batch.Depart();
        var landed = false;
        try
        {
            var call = new ExecCall(batch);
            if (_connection.TrySend(call, 0, call.Replies) is { } failure)
            {
                throw failure;
            }

            var executed = await call.Answer.WaitAsync(stop);
            _isWatching = false;
            landed = await TookAsync(flight, batch.Count, call, executed.Value, stop);
            return landed;
        }
        finally
        {
            batch.Land(flight, landed);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (!_isReturned)
        {
            _isReturned = true;
            if (_isWatching)
            {
                // Before whatever the next user of the connection sends, so it need not be waited for.
                _connection.TrySend(new RespCall(Unwatch.Bytes), 0, 1);
            }

            _pool.Return(_connection);
        }

        return ValueTask.CompletedTask;
    }

    private static RedisCommand Unwatch { get; } = RedisCommand.Keyless("UNWATCH");

    private async ValueTask<bool> TookAsync(
        Flight flight,
        int count,
        ExecCall call,
        RespValue executed,
        CancellationToken stop
    )
    {
        if (call.Refusal is { } refusal)
        {
            var redirect = Redirect.Of(refusal);
            await _redirected(redirect, stop);
            return redirect.Kind is RedirectKind.Moved or RedirectKind.Ask or RedirectKind.Later
                ? false
                : throw new RespErrorException(refusal.Unchecked.AsText());
        }

        if (executed.OrThrow().IsNull)
        {
            return false;
        }

        var at = 0;
        foreach (var reply in executed)
        {
            flight.Replies[at++] = new RedisReply(reply, Source);
        }

        return at == count
            ? true
            : throw new RespShapeException($"EXEC of {count} commands gave {at} replies.");
    }

    /// <summary>MULTI, the commands, EXEC. Each of the first should say that it was taken; the last has what came of them.</summary>
    private sealed class ExecCall(RedisBatch batch) : IRespRequest
    {
        private readonly TaskCompletionSource<RedisReply> _answer = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        public int Replies { get; } = batch.Count + 2;

        /// <summary>The first error before EXEC.</summary>
        public RedisReply? Refusal { get; private set; }

        public Task<RedisReply> Answer => _answer.Task;

        public void Write(WireBuffer buffer, int first, int count)
        {
            buffer.BeginCommand("MULTI", 0);
            if (batch.Count > 0)
            {
                buffer.Append(batch.BytesOf(0, batch.Count - 1));
            }

            buffer.BeginCommand("EXEC", 0);
        }

        public void Reply(int position, in RespValue value, RedisSource source)
        {
            if (position == Replies - 1)
            {
                _answer.TrySetResult(new RedisReply(value, source));
            }
            else if (value.IsError)
            {
                Refusal ??= new RedisReply(value, source);
            }
        }

        public void Fail(int first, int count, WireUnavailableException failure) =>
            _answer.TrySetResult(new RedisReply(failure));
    }
}
