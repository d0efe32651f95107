using Rookery.Accounts;
using Rookery.Delivery;
using Rookery.Server.Commands.Running;

namespace Rookery.Server.Commands.Import;

/// <summary>Sets the counters of accounts right after an import, which has no events that would count one by one.</summary>
internal sealed class RecountAccounts(RecountThings recount, SettledDelivery delivery)
{
    /// <summary>
    /// Runs the import and counts again whatever ends it: also what a broken file or the operator cut short was stored. An operator's second
    /// signal ends the process, and the server mends the counters as it runs.
    /// </summary>
    public async Task<T> AfterAsync<T>(
        Func<Task<T>> import,
        ICommandOutput output,
        CancellationToken token
    )
    {
        try
        {
            var outcome = await import();
            await HandleAsync(output, token);
            return outcome;
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            output.Line("stopping: counting again what was stored");
            await HandleAsync(output, CancellationToken.None);
            throw;
        }
    }

    private async Task HandleAsync(ICommandOutput output, CancellationToken token)
    {
        // Before the comparison: else every chunk of it would wait for the same events.
        await delivery.WaitAsync(token);
        var counted = 0;
        await foreach (var chunk in recount.HandleAsync(delivery.WaitAsync, repair: true, token))
        {
            counted += chunk.Compared;
            output.Progress(
                1,
                FormattableString.Invariant($"counting again: {counted:N0} accounts")
            );
        }
    }
}
