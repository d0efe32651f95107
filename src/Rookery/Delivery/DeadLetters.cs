namespace Rookery.Delivery;

/// <summary>An operator's hands on what consumers gave up on.</summary>
internal sealed class DeadLetters(IOutboxStore outbox, IEventBus bus, EventTypes events)
{
    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(CancellationToken token) =>
        outbox.DeadLettersAsync(token);

    /// <summary>
    /// Hands a dead letter to its consumer again. It is removed only when the consumer applied it; one that fails again is buried again, with
    /// its new error.
    /// </summary>
    public async Task<Result<Done>> ReplayAsync(DeadLetter letter, CancellationToken token)
    {
        var row = letter.Event;
        if (events.Read(row.Name, row.Version, row.Payload.Span) is not { } happened)
        {
            return Problem.Conflict(
                "sequence",
                $"Event {row.Sequence} cannot be read by this version: no event is called {row.Name} in version {row.Version}, or its text is damaged."
            );
        }

        await outbox.RemoveDeadLetterAsync(letter.Consumer, row.Sequence, token);
        var known =
            letter.Consumer == OutboxRelay.Name
                ? await PublishAsync(new Committed(row.Sequence, happened), token)
                : await bus.RedeliverAsync(
                    letter.Consumer,
                    new Committed(row.Sequence, happened),
                    token
                );
        if (known)
        {
            return Done.Instance;
        }

        await outbox.BuryAsync(letter, token);
        return Problem.NotFound(
            $"There is no consumer {letter.Consumer} in this process.",
            "consumer"
        );
    }

    private async Task<bool> PublishAsync(Committed happened, CancellationToken token)
    {
        await bus.PublishAsync([happened], token);
        return true;
    }
}
