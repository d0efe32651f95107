using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Rookery.Adapters.Sql;

/// <summary>
/// This process among those that write to a PostgreSQL database. On a connection of its own it hears of commits, has the observers told of them
/// and says so in the table <c>processes</c>. A word may be lost with the connection, so nothing rests on it: twice a second all is looked at anew.
/// <para>
/// The lease is counted from before its row was written, on this process's own monotonic clock, and the row's age by the server's: who finds a row
/// older than the lease knows that its process has lost it. Of those that hold theirs, the one with the smallest id is the first.
/// </para>
/// </summary>
internal sealed partial class PostgresPeers : IPeers
{
    /// <summary>The channel on which commits are told.</summary>
    public const string Committed = "rookery_commits";

    private const string Told = "rookery_told";
    private const int BeatMilliseconds = 500;
    private const long LeaseMilliseconds = 2_000;

    /// <summary>As far as two clocks can drift apart within a lease, and then some.</summary>
    private const long MarginMilliseconds = 200;

    private const string Now = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    private const string Register = $"""
        SET synchronous_commit = off;
        DELETE FROM processes WHERE seen_at < {Now} - 3600000;
        INSERT INTO processes (id, told, seen_at) SELECT @id, sequence, {Now} FROM last_issued
        ON CONFLICT (id) DO NOTHING;
        LISTEN {Committed};
        LISTEN {Told}
        """;

    /// <summary>Answers whether any that was seen lately has a smaller id.</summary>
    private static readonly string Beat = $"""
        UPDATE processes SET told = @told, seen_at = {Now} WHERE id = @id;
        SELECT EXISTS (SELECT FROM processes WHERE id < @id AND seen_at > {Now} - {LeaseMilliseconds
            + MarginMilliseconds})
        """;

    private static readonly string BeatAndTell = $"{Beat}; NOTIFY {Told}";

    private static readonly string Unconfirmed =
        $"SELECT count(*) FROM processes WHERE id <> @id AND told < @sequence AND seen_at > {Now} - {LeaseMilliseconds + MarginMilliseconds}";

    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(LeaseMilliseconds);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly long _id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) >>> 1;
    private readonly Func<NpgsqlConnection> _open;
    private readonly Func<Task<Told>> _follow;
    private readonly Func<Func<SqlSession, long>, Task<long>> _read;
    private readonly string _where;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wanted = new(0);
    private readonly Task _loop;
    private TaskCompletionSource _beat = Signal();
    private TaskCompletionSource _told = Signal();
    private volatile bool _isAfterAnother = true;

    // Somebody has waited for it in vain since the last beat, or it cannot be reached at all: who comes now need not find out too.
    private volatile bool _isAway;

    // Said once, and once more when it is over.
    private bool _isSaid;
    private long _heldFrom;
    private long _saidThrough;

    public PostgresPeers(
        Func<NpgsqlConnection> open,
        Func<Task<Told>> follow,
        Func<Func<SqlSession, long>, Task<long>> read,
        string where,
        ILogger logger
    )
    {
        (_open, _follow, _read, _where, _logger) = (open, follow, read, where, logger);
        // Among them before anything is held in memory: whoever commits from now on waits for this process too.
        var connection = Enter();
        _heldFrom = TimeProvider.System.GetTimestamp();
        _loop = Task.Run(() => LoopAsync(connection));
    }

    public bool IsHeld => TimeProvider.System.GetElapsedTime(Volatile.Read(ref _heldFrom)) < Lease;

    public bool IsFirst => IsHeld && !_isAfterAnother;

    public TimeSpan Lapsed =>
        TimeProvider.System.GetElapsedTime(Volatile.Read(ref _heldFrom)) is var age && age < Lease
            ? TimeSpan.Zero
            : age;

    public async ValueTask<bool> RenewAsync(CancellationToken token)
    {
        if (IsHeld || _isAway)
        {
            return IsHeld;
        }

        var beat = Volatile.Read(ref _beat).Task;
        _wanted.Release();
        await beat.WaitAsync(Patience, TimeProvider.System, token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        token.ThrowIfCancellationRequested();
        if (!beat.IsCompleted)
        {
            _isAway = true;
        }

        return IsHeld;
    }

    public async Task ConfirmedAsync(long sequence)
    {
        var started = TimeProvider.System.GetTimestamp();
        var longest = TimeSpan.FromMilliseconds(LeaseMilliseconds + (2 * MarginMilliseconds));
        while (TimeProvider.System.GetElapsedTime(started) < longest)
        {
            var told = Volatile.Read(ref _told).Task;
            if (await CountUnconfirmedAsync(sequence) == 0)
            {
                return;
            }

            await told.WaitAsync(BetweenLooks, TimeProvider.System, _stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _loop.GetAwaiter().GetResult();
        _stop.Dispose();
        _wanted.Dispose();
    }

    private static TaskCompletionSource Signal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Raise(ref TaskCompletionSource signal) =>
        Interlocked.Exchange(ref signal, Signal()).TrySetResult();

    /// <summary>Who cannot be asked is taken for one that has not confirmed: its lease runs out.</summary>
    private async Task<long> CountUnconfirmedAsync(long sequence)
    {
        try
        {
            return await _read(session => session.Number(Unconfirmed, 0, _id, sequence));
        }
        catch (StoreUnavailableException)
        {
            return 1;
        }
    }

    private async Task LoopAsync(NpgsqlConnection entered)
    {
        NpgsqlConnection? connection = entered;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                connection ??= Enter();
                connection.Notification += (_, word) => Hear(word.Channel);
                await BeatAsync(connection);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // A loop's edge: without it this process would never hear of the others again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                SayAway(fault);
                // One that ended may have ended alone; one that cannot be made is the database's fault.
                _isAway |= connection is null;
                connection?.Dispose();
                connection = null;
                await Task.Delay(BetweenTries, TimeProvider.System, _stop.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        Leave(connection);
    }

    private async Task BeatAsync(NpgsqlConnection connection)
    {
        var lastBeat = 0L;
        while (true)
        {
            var before = TimeProvider.System.GetTimestamp();
            var told = await _follow();
            var narrowed = told.Narrowed > _saidThrough;
            var due =
                lastBeat == 0
                || !IsHeld
                || TimeProvider.System.GetElapsedTime(lastBeat)
                    >= TimeSpan.FromMilliseconds(BeatMilliseconds);
            if (narrowed || due)
            {
                await SayAsync(connection, told.Through, narrowed);
                Volatile.Write(ref _heldFrom, before);
                (lastBeat, _saidThrough) = (before, told.Through);
                _isAway = false;
                SayBack();
                Raise(ref _beat);
            }

            await WaitAsync(connection);
        }
    }

    private async Task SayAsync(NpgsqlConnection connection, long through, bool aloud)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = aloud ? BeatAndTell : Beat;
        command.Parameters.AddWithValue("told", through);
        command.Parameters.AddWithValue("id", _id);
        _isAfterAnother = (bool)(await command.ExecuteScalarAsync(_stop.Token))!;
    }

    /// <summary>For a word, for the next beat, or for somebody who wants to be sure.</summary>
    private async Task WaitAsync(NpgsqlConnection connection)
    {
        var isWanted = false;
        while (_wanted.Wait(0))
        {
            isWanted = true;
        }

        if (isWanted)
        {
            return;
        }

        using var wake = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var wanted = _wanted.WaitAsync(wake.Token);
        var word = connection.WaitAsync(BeatMilliseconds, wake.Token);
        await Task.WhenAny(wanted, word);
        await wake.CancelAsync();
        await Task.WhenAll(wanted, word).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Token.ThrowIfCancellationRequested();
        if (word.IsFaulted)
        {
            await word;
        }
    }

    private void Hear(string channel)
    {
        if (channel == Told)
        {
            Raise(ref _told);
        }
    }

    private NpgsqlConnection Enter()
    {
        var connection = _open();
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = Register;
            command.Parameters.AddWithValue("id", _id);
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Nobody need wait for its lease to run out; where this fails, they do.</summary>
    private void Leave(NpgsqlConnection? connection)
    {
        try
        {
            // A beat that was cut short may have taken its connection with it.
            if (connection?.FullState != System.Data.ConnectionState.Open && !_isAway)
            {
                connection?.Dispose();
                connection = _open();
            }

            if (connection is { FullState: System.Data.ConnectionState.Open })
            {
                using var command = connection.CreateCommand();
                command.CommandText = "DELETE FROM processes WHERE id = @id";
                command.Parameters.AddWithValue("id", _id);
                command.ExecuteNonQuery();
            }

            connection?.Dispose();
        }
        catch (Exception fault) when (fault is NpgsqlException or StoreUnavailableException)
        {
            SayAway(fault);
        }
    }

    private void SayAway(Exception fault)
    {
        if (!_isSaid)
        {
            _isSaid = true;
            CannotBeat(
                _logger,
                PostgresFault.IsAway(fault) ? null : fault,
                _where,
                PostgresFault.Explain(fault)
            );
        }
    }

    private void SayBack()
    {
        if (_isSaid)
        {
            _isSaid = false;
            BeatsAgain(_logger, _where);
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "{Where} does not say what other processes commit: {Why}. Trying again; answers are marked stale until it does"
    )]
    private static partial void CannotBeat(
        ILogger logger,
        Exception? fault,
        string where,
        string why
    );

    [LoggerMessage(2, LogLevel.Information, "{Where} says again what other processes commit")]
    private static partial void BeatsAgain(ILogger logger, string where);
}
