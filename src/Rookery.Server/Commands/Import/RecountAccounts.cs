using Rookery.Accounts;
using Rookery.Delivery;
using Rookery.Server.Commands.Running;

namespace Rookery.Server.Commands.Import;

/// <summary>Sets the counters of accounts right after an import, which has no events that would count one by one.</summary>
internal sealed class RecountAccounts(RecountThings recount, SettledDelivery delivery)
{
    public async Task HandleAsync(ICommandOutput output, CancellationToken token)
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
