using Microsoft.Extensions.Logging;

namespace Rookery.Adapters.Sql;

/// <summary>
/// Says that a database is away when that begins, every ten seconds while anybody asks, and when it is over: a line for each request would bury all others, and
/// its stack trace says nothing that the reason does not.
/// </summary>
/// <param name="where">Which database, and the setting that names it.</param>
/// <param name="what">Reads, or writes.</param>
internal sealed partial class SqlOutage(
    string where,
    string what,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    /// <summary>One that fails every other time is not back.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private volatile bool _isAway;
    private long _saidAt;
    private long _failedAt;
    private long _sinceSaid;
    private long _sinceBegun;

    /// <summary>False where the fault is of another kind: nothing was said of it.</summary>
    public bool Failed(Exception fault, int count = 1)
    {
        if (!PostgresFault.IsUnreached(fault))
        {
            return false;
        }

        lock (_lock)
        {
            _failedAt = time.GetTimestamp();
            _sinceBegun += count;
            _sinceSaid += count;
            if (!_isAway)
            {
                _isAway = true;
                Begins(logger, where, what, PostgresFault.Explain(fault));
            }
            else if (time.GetElapsedTime(_saidAt, _failedAt) >= BetweenLines)
            {
                GoesOn(logger, where, what, PostgresFault.Explain(fault), _sinceSaid);
            }
            else
            {
                return true;
            }

            (_saidAt, _sinceSaid) = (_failedAt, 0);
            return true;
        }
    }

    public void Answered()
    {
        if (!_isAway)
        {
            return;
        }

        lock (_lock)
        {
            if (_isAway && time.GetElapsedTime(_failedAt) >= Calm)
            {
                IsOver(logger, where, what, _sinceBegun);
                (_isAway, _sinceBegun, _sinceSaid) = (false, 0, 0);
            }
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Error,
        "{Where} answers no {What}: {Why}. What fails from now on is counted, and told every ten seconds"
    )]
    private static partial void Begins(ILogger logger, string where, string what, string why);

    [LoggerMessage(
        2,
        LogLevel.Error,
        "{Where} still answers no {What}: {Why}. {Count} more failed since this was said"
    )]
    private static partial void GoesOn(
        ILogger logger,
        string where,
        string what,
        string why,
        long count
    );

    [LoggerMessage(3, LogLevel.Information, "{Where} answers {What} again; {Count} had failed")]
    private static partial void IsOver(ILogger logger, string where, string what, long count);
}
