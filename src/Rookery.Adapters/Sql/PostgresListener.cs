using Microsoft.Extensions.Logging;
using Npgsql;

namespace Rookery.Adapters.Sql;

/// <summary>
/// A connection that waits for the word that a group was committed. The word may be lost with the connection, so it is taken for given once a
/// second and after each connecting: whoever is called looks at what was committed, not at the word.
/// </summary>
internal sealed partial class PostgresListener : IDisposable
{
    private const int LongestWaitMilliseconds = 1_000;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    private readonly Func<NpgsqlConnection> _open;
    private readonly string _channel;
    private readonly Action _committed;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public PostgresListener(
        Func<NpgsqlConnection> open,
        string channel,
        Action committed,
        ILogger logger
    )
    {
        (_open, _channel, _committed, _logger) = (open, channel, committed, logger);
        _loop = Task.Run(LoopAsync);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _loop.GetAwaiter().GetResult();
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ListenAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A loop's edge: without it this process would never hear of the others again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                ListeningFailed(_logger, fault);
                _committed();
                await Task.Delay(BetweenTries, TimeProvider.System, _stop.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync()
    {
        await using var connection = _open();
        await using (var command = connection.CreateCommand())
        {
#pragma warning disable CA2100 // The channel is a constant of the engine's.
            command.CommandText = $"LISTEN {_channel}";
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(_stop.Token);
        }

        while (true)
        {
            _committed();
            await connection.WaitAsync(LongestWaitMilliseconds, _stop.Token);
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "The database cannot be listened to; what other processes commit is looked for instead"
    )]
    private static partial void ListeningFailed(ILogger logger, Exception fault);
}
