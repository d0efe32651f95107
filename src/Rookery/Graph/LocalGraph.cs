namespace Rookery.Graph;

/// <summary>The graph's door over its own store, with recent viewers in memory.</summary>
internal sealed class LocalGraph(IGraphStore store, Adjacency adjacency, TimeProvider time) : IGraph
{
    public int CopyFollowees(AccountId viewer, ref int[] followees) =>
        adjacency.CopyFollowees(viewer, ref followees);

    public HiddenAccounts? HiddenFrom(AccountId viewer) => adjacency.HiddenFrom(viewer);

    public async ValueTask LoadAsync(AccountId viewer, CancellationToken token)
    {
        if (adjacency.Register(viewer, out var mine) is not { } loading)
        {
            return;
        }

        if (!mine)
        {
            await loading.Done.WaitAsync(token);
            return;
        }

        try
        {
            ViewerRelations relations;
            do
            {
                // Others wait for this read: it must not end with the request that began it.
                relations = await store.RelationsOfAsync(viewer, CancellationToken.None);
            } while (!adjacency.TryInstall(viewer, loading, relations));
        }
        catch (Exception fault)
        {
            adjacency.Abandon(viewer, loading, fault);
            throw;
        }
    }

    public async ValueTask<IReadOnlyList<AccountId>> FolloweesInTruthAsync(
        AccountId viewer,
        CancellationToken token
    ) => (await store.RelationsOfAsync(viewer, token)).Followees;

    public ValueTask<IReadOnlyList<Relationship>> RelationshipsAsync(
        AccountId viewer,
        ReadOnlyMemory<AccountId> others,
        CancellationToken token
    ) => store.RelationshipsAsync(viewer, others, time.GetUtcNow(), token);

    public ValueTask<IReadOnlyList<Relationship>> BetweenAsync(
        IReadOnlyList<(AccountId Viewer, AccountId Other)> pairs,
        CancellationToken token
    ) => store.BetweenAsync(pairs, time.GetUtcNow(), token);

    public ValueTask<IReadOnlyList<AccountId>> FollowersAfterAsync(
        AccountId followee,
        AccountId after,
        int limit,
        CancellationToken token
    ) => store.ListAfterAsync(new FollowersOf(followee), after, limit, token);
}
