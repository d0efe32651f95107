using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Rookery.TestKit;

namespace Rookery.Tests.Logs;

/// <summary>Keeps what the operator is told.</summary>
internal sealed class HeardConsole : ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public Task SaysAsync(string text, CancellationToken stop) =>
        Wait.UntilAsync(
            () => Task.FromResult(Says(text)),
            () => $"\"{text}\" is said, not {string.Join('\n', Lines)}",
            stop
        );

    public bool Says(string text) =>
        _lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _lines.Enqueue(formatter(state, exception));
}
