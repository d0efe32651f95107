namespace Rookery.Delivery;

/// <summary>The outbox of one database, and what carries its events.</summary>
internal sealed record DeliveryLine(IOutboxStore Outbox, EventSource Source);

/// <summary>One for each database, side by side: none waits for another. Capabilities that share a database share one.</summary>
internal sealed class DeliveryLines(
    DeliveryLine accounts,
    DeliveryLine graph,
    DeliveryLine posts,
    DeliveryLine notifications
) : IEventSources
{
    /// <summary>Each once.</summary>
    public IReadOnlyList<DeliveryLine> All { get; } =
    [.. new[] { accounts, graph, posts, notifications }.Distinct()];

    /// <summary>Which of the capabilities that tell of something stand in its database.</summary>
    public IReadOnlyList<string> CapabilitiesOf(DeliveryLine line) =>
        [
            .. new[]
            {
                ("accounts", accounts),
                ("graph", graph),
                ("posts", posts),
                ("notifications", notifications),
            }
                .Where(one => one.Item2 == line)
                .Select(one => one.Item1),
        ];

    public EventSource Accounts => accounts.Source;

    public EventSource Graph => graph.Source;

    public EventSource Posts => posts.Source;

    /// <summary>One for everything.</summary>
    public static DeliveryLines Only(DeliveryLine line) => new(line, line, line, line);
}
