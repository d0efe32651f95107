namespace Rookery.Delivery;

/// <summary>An operator's hands on what consumers gave up on.</summary>
internal sealed class DeadLetters(DeliveryLines lines, EventTypes events)
{
    /// <summary>There are several outboxes: a consumer's number alone does not say which event is meant.</summary>
    public bool AreDivided => lines.All.Count > 1;

    /// <summary>Those of each outbox: what is called alike may be another event of another one.</summary>
    public async Task<IReadOnlyList<StandingLetter>> ListAsync(CancellationToken token)
    {
        var all = new List<StandingLetter>();
        foreach (var line in lines.All)
        {
            var letters = await line.Outbox.DeadLettersAsync(token);
            var capabilities = lines.CapabilitiesOf(line);
            all.AddRange(letters.Select(letter => new StandingLetter(line, capabilities, letter)));
        }

        return all;
    }

    /// <summary>Null where there is none.</summary>
    /// <param name="capability">One whose event it is.</param>
    public async Task<StandingLetter?> FindAsync(
        string consumer,
        long sequence,
        string capability,
        CancellationToken token
    ) =>
        (await ListAsync(token)).FirstOrDefault(one =>
            one.Letter.Consumer == consumer
            && one.Letter.Event.Sequence == sequence
            && one.Capabilities.Contains(capability)
        );

    /// <summary>
    /// Hands a dead letter to its consumer again. It is removed only when the consumer applied it; one that fails again is buried again, with
    /// its new error.
    /// </summary>
    public async Task<Result<Done>> ReplayAsync(StandingLetter standing, CancellationToken token)
    {
        var (line, _, letter) = standing;
        var row = letter.Event;
        if (events.Read(row.Name, row.Version, row.Payload.Span) is not { } happened)
        {
            return Problem.Conflict(
                "sequence",
                $"Event {row.Sequence} cannot be read by this version: no event is called {row.Name} in version {row.Version}, or its text is damaged."
            );
        }

        var committed = new Committed(row.Sequence, happened);
        var outcome = await RedeliverAsync(line.Source.Bus, letter.Consumer, committed, token);
        switch (outcome)
        {
            case Redelivery.Applied:
                await line.Outbox.RemoveDeadLetterAsync(letter.Consumer, row.Sequence, token);
                return Done.Instance;
            case Redelivery.Buried:
                return Problem.Conflict(
                    "sequence",
                    $"Event {row.Sequence} failed again; the dead letter says why."
                );
            default:
                return Problem.NotFound(
                    $"There is no consumer {letter.Consumer} in this process.",
                    "consumer"
                );
        }
    }

    /// <summary>Forgets a dead letter: what it would have done is never done.</summary>
    public static Task DiscardAsync(StandingLetter standing, CancellationToken token) =>
        standing.Line.Outbox.RemoveDeadLetterAsync(
            standing.Letter.Consumer,
            standing.Letter.Event.Sequence,
            token
        );

    /// <summary>What the relay could not read goes to all consumers; each buries under its own name what it cannot apply.</summary>
    private static async Task<Redelivery> RedeliverAsync(
        IEventBus bus,
        string consumer,
        Committed happened,
        CancellationToken token
    )
    {
        if (consumer != OutboxRelay.Name)
        {
            return await bus.RedeliverAsync(consumer, happened, token);
        }

        await bus.RedeliverAsync(null, happened, token);
        return Redelivery.Applied;
    }
}

/// <summary>A dead letter, and where it stands.</summary>
/// <param name="Capabilities">Whose database that is: of accounts, graph and posts.</param>
internal sealed record StandingLetter(
    DeliveryLine Line,
    IReadOnlyList<string> Capabilities,
    DeadLetter Letter
);
