namespace Rookery.Telemetry;

/// <summary>How far the delivery of one outbox is.</summary>
/// <param name="Outbox">Whose events stand in it, with commas: accounts, graph, posts.</param>
/// <param name="Behind">Of each consumer: events that it has neither applied nor given up on.</param>
/// <param name="DeadLetters">Of each consumer.</param>
/// <param name="Oldest">Since the oldest event was committed that has still to be applied; zero where there is none.</param>
public sealed record OutboxReading(
    string Outbox,
    IReadOnlyDictionary<string, long> Behind,
    IReadOnlyDictionary<string, long> DeadLetters,
    TimeSpan Oldest
);
