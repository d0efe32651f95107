using Rookery.Graph;

namespace Rookery.Tests.Graph;

/// <summary>A graph that answers what a test has it answer; nothing else is asked of it.</summary>
internal class ScriptedGraph : IGraph
{
    public virtual int CopyFollowees(AccountId viewer, ref int[] followees) =>
        throw new NotSupportedException();

    public virtual HiddenAccounts? HiddenFrom(AccountId viewer) =>
        throw new NotSupportedException();

    public virtual ValueTask LoadAsync(AccountId viewer, CancellationToken token) =>
        throw new NotSupportedException();

    public virtual ValueTask<IReadOnlyList<AccountId>> FolloweesInTruthAsync(
        AccountId viewer,
        CancellationToken token
    ) => throw new NotSupportedException();

    public virtual ValueTask<IReadOnlyList<AccountId>> FollowersAfterAsync(
        AccountId followee,
        AccountId after,
        int limit,
        CancellationToken token
    ) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Relationship>> RelationshipsAsync(
        AccountId viewer,
        ReadOnlyMemory<AccountId> others,
        CancellationToken token
    ) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<Relationship>> BetweenAsync(
        IReadOnlyList<(AccountId Viewer, AccountId Other)> pairs,
        CancellationToken token
    ) => throw new NotSupportedException();
}

/// <summary>Whom viewers follow is in memory, and nobody is hidden from anybody.</summary>
internal class InMemoryGraph(Adjacency adjacency) : ScriptedGraph
{
    public override int CopyFollowees(AccountId viewer, ref int[] followees) =>
        adjacency.CopyFollowees(viewer, ref followees);

    public override HiddenAccounts? HiddenFrom(AccountId viewer) => HiddenAccounts.None;

    public override ValueTask LoadAsync(AccountId viewer, CancellationToken token) =>
        ValueTask.CompletedTask;
}
