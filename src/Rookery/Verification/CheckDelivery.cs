using Rookery.Delivery;

namespace Rookery.Verification;

/// <summary>The outbox: nothing is skipped, and nothing is marked as done that has not happened yet.</summary>
internal sealed class CheckDelivery(IDerivedTables tables, SettledDelivery delivery) : ICheck
{
    public string Name => "outbox and inbox";

    public async Task<CheckReport> RunAsync(bool repair, CancellationToken token)
    {
        await delivery.WaitAsync(token);
        var states = await tables.DeliveryAsync(token);
        var tally = new CheckTally(Name) { Compared = states.Sum(state => state.LastSequence) };
        foreach (var state in states)
        {
            Compare(state, tally);
        }

        if (repair)
        {
            tally.Repaired = tally.Report().Different;
            await tables.RepairDeliveryAsync(token);
        }

        foreach (var state in states)
        {
            CompareWaiting(state, tally);
        }

        return tally.Report();
    }

    private static void Compare(in DeliveryState state, CheckTally tally)
    {
        if (state.PublishedThrough > state.LastSequence)
        {
            tally.Differs(
                $"the relay stands at {state.PublishedThrough}, beyond the last event {state.LastSequence}: events to come would not be delivered ({state.Database})"
            );
        }

        if (state.AppliedThrough > state.LastSequence)
        {
            tally.Differs(
                $"a consumer stands at {state.AppliedThrough}, beyond the last event {state.LastSequence}: events to come would not be applied ({state.Database})"
            );
        }

        if (state.LastMark > state.LastSequence)
        {
            tally.Differs(
                $"event {state.LastMark} is marked as applied, beyond the last event {state.LastSequence}: events to come would be dropped ({state.Database})"
            );
        }
    }

    private static void CompareWaiting(in DeliveryState state, CheckTally tally)
    {
        // Sequences have no gaps, so what waits is all that lies between the relay's position and the end.
        var right = Math.Max(0, state.LastSequence - state.PublishedThrough);
        if (state.Waiting != right)
        {
            tally.Differs(
                $"{state.Waiting} events wait for the relay where there should be {right} ({state.Database})"
            );
        }
    }
}
