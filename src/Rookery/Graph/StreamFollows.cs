using Rookery.Accounts;

namespace Rookery.Graph;

/// <summary>
/// All followers or followees of an account by ascending id, read in chunks: memory does not grow with the list. What is followed or unfollowed
/// while it is read may or may not be in it; whatever stands throughout is in it once.
/// </summary>
internal sealed class FollowStream(IGraphStore store, FollowList list) : IAsyncEnumerable<AccountId>
{
    /// <summary>32 KB of ids; a million followers are 245 reads.</summary>
    public const int Chunk = 4096;

    public async IAsyncEnumerator<AccountId> GetAsyncEnumerator(
        CancellationToken cancellationToken = default
    )
    {
        var after = default(AccountId);
        int count;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var chunk = await store.ListAfterAsync(list, after, Chunk, cancellationToken);
            foreach (var account in chunk)
            {
                yield return account;
            }

            count = chunk.Count;
            after = count > 0 ? chunk[^1] : after;
        } while (count == Chunk);
    }
}

/// <summary>A complete list of an account's followers or followees; NotFound before the first id is read.</summary>
internal sealed class StreamFollows(IGraphStore store, IAccounts accounts)
{
    public async ValueTask<Result<FollowStream>> HandleAsync(
        FollowList list,
        string field,
        CancellationToken token
    ) =>
        await accounts.FindMissingAsync([(list.Account, field)], token) is { } missing
            ? missing
            : new FollowStream(store, list);
}
