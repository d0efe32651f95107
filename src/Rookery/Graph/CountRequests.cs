namespace Rookery.Graph;

/// <summary>How many wait for an account's answer. 0 where it cannot be read: a page without the number is still a page.</summary>
internal sealed class CountRequests(IGraphStore store)
{
    /// <summary>Beyond it nobody needs to know how many.</summary>
    public const int Most = 1_000;

    public async ValueTask<int> HandleAsync(AccountId followee, CancellationToken token)
    {
        try
        {
            return await store.CountRequestsAsync(followee, Most, token);
        }
        catch (StoreUnavailableException)
        {
            return 0;
        }
    }
}
