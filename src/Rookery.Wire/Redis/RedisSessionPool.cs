using Rookery.Wire.Resp;

namespace Rookery.Wire.Redis;

/// <summary>A bounded number of connections of one node, each lent to one transaction at a time: what is watched is the connection's.</summary>
#pragma warning disable CA1001 // A semaphore that nobody asks for its handle holds nothing, and transactions may be returned after the end.
internal sealed class RedisSessionPool(WireEndpoint endpoint, RedisDialer dialer, int most)
#pragma warning restore CA1001
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _free = new(most);
    private readonly Stack<RespConnection> _idle = new();
    private readonly HashSet<RespConnection> _lent = [];

    /// <summary>Waits for its turn, then takes an idle connection or opens one.</summary>
    /// <exception cref="WireUnavailableException">It cannot be opened.</exception>
    public async Task<RespConnection> RentAsync(CancellationToken stop)
    {
        await _free.WaitAsync(stop);
        try
        {
            return TakeIdle() ?? Lend(await OpenAsync(stop));
        }
        catch (Exception fault) when (fault is WireException or OperationCanceledException)
        {
            _free.Release();
            throw;
        }
    }

    public void Return(RespConnection connection)
    {
        lock (_lock)
        {
            _lent.Remove(connection);
            if (connection.IsOpen && connection.Source.IsCurrent)
            {
                _idle.Push(connection);
            }
            else
            {
                connection.Close(new OperationCanceledException("The node has changed."));
            }
        }

        _free.Release();
    }

    /// <summary>The node is not known to be the same any more: idle connections are closed, lent ones say so and are not used again.</summary>
    public void Reset(Exception reason)
    {
        RespConnection[] idle;
        lock (_lock)
        {
            idle = [.. _idle];
            _idle.Clear();
            foreach (var connection in _lent)
            {
                connection.Source.Retire();
            }
        }

        foreach (var connection in idle)
        {
            connection.Close(reason);
        }
    }

    private RespConnection? TakeIdle()
    {
        lock (_lock)
        {
            while (_idle.TryPop(out var connection))
            {
                if (connection.IsOpen)
                {
                    _lent.Add(connection);
                    return connection;
                }
            }

            return null;
        }
    }

    private async Task<RespConnection> OpenAsync(CancellationToken stop) =>
        (await dialer.ConnectAsync(endpoint, pushed: null, stop)).Connection;

    private RespConnection Lend(RespConnection connection)
    {
        lock (_lock)
        {
            _lent.Add(connection);
        }

        return connection;
    }
}
