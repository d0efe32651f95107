using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Rookery.Adapters.Logs;

/// <summary>
/// Hands each line to the shippers. A line costs its text and a place in a queue; where all queues are full, not even the text.
/// </summary>
/// <param name="mostCharacters">Of a message and its exception together; what is behind is cut off.</param>
[ProviderAlias("LogServer")]
internal sealed class LogServerProvider(
    IReadOnlyList<LogShipper> shippers,
    ActivityTraceId run,
    Redaction redaction,
    int mostCharacters,
    TimeProvider time
) : ILoggerProvider, IAsyncDisposable
{
    public ILogger CreateLogger(string categoryName) =>
        new LineLogger(this, categoryName, categoryName == typeof(LogShipper).FullName);

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(shippers.Select(shipper => shipper.DisposeAsync().AsTask()));

    /// <summary>What waits is sent by <see cref="DisposeAsync"/> alone: this one must not wait.</summary>
    public void Dispose() { }

    private LogLine NewLine<TState>(
        string category,
        LogLevel level,
        EventId id,
        TState state,
        Exception? fault,
        Func<TState, Exception?, string> formatter
    )
    {
        var activity = Activity.Current;
        var message = Bounded(formatter(state, fault), mostCharacters);
        var isTraced = activity is { IdFormat: ActivityIdFormat.W3C };
        return new LogLine(
            time.GetUtcNow(),
            level,
            category,
            id.Name,
            message,
            fault is null ? null : Bounded(fault.ToString(), mostCharacters - message.Length),
            isTraced ? activity!.TraceId : run,
            isTraced ? activity!.SpanId : default
        );
    }

    // Hidden first: half a secret would not be recognised.
    private string Bounded(string text, int most)
    {
        var hidden = redaction.Hide(text);
        return hidden.Length <= most ? hidden : hidden[..most];
    }

    private sealed class LineLogger(LogServerProvider owner, string category, bool isOwn) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            LogLine? line = null;
            foreach (var shipper in owner.Shippers)
            {
                if (shipper.IsFull && !isOwn)
                {
                    shipper.Drop();
                    continue;
                }

                line ??= owner.NewLine(category, logLevel, eventId, state, exception, formatter);
                shipper.Offer(line, always: isOwn);
            }
        }
    }

    private IReadOnlyList<LogShipper> Shippers => shippers;
}
