namespace Rookery.Delivery;

/// <summary>Waits for the background to have caught up: what a comparison of derived things with truth must do first.</summary>
internal sealed class SettledDelivery(DeliveryLines lines, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Completes when every event that was committed before the call has been applied or is a dead letter.</summary>
    public async Task WaitAsync(CancellationToken token)
    {
        var ends = new List<(DeliveryLine Line, long Last)>();
        foreach (var line in lines.All)
        {
            ends.Add((line, await line.Outbox.LastSequenceAsync(token)));
        }

        foreach (var (line, last) in ends)
        {
            while (await line.Source.Bus.AppliedThroughAsync(token) < last)
            {
                await Task.Delay(Pause, time, token);
            }
        }
    }
}
