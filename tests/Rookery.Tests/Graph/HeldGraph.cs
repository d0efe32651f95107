using Microsoft.Extensions.Options;
using Rookery.Graph;

namespace Rookery.Tests.Graph;

/// <summary>An adjacency of its own, with what tests ask of it.</summary>
internal sealed class HeldGraph(long bytes = 1 << 20) : IDisposable
{
    private long _sequence;

    public AccountOrdinals Ordinals { get; } = new();

    public Adjacency Adjacency =>
        field ??= new(Ordinals, Options.Create(new GraphOptions { AdjacencyBytes = bytes }));

    public static ViewerRelations Following(params IEnumerable<AccountId> followees) =>
        new([.. followees], HiddenAccounts.None);

    public void Commit(params IEnumerable<DomainEvent> events) =>
        Adjacency.OnCommitted([.. events.Select(happened => new Committed(++_sequence, happened))]);

    public void Hold(AccountId viewer, ViewerRelations relations)
    {
        var loading = Adjacency.Register(viewer, out _)!;
        Adjacency.TryInstall(viewer, loading, relations);
    }

    /// <summary>Null where the viewer is not held.</summary>
    public HashSet<AccountId>? FolloweesOf(AccountId viewer)
    {
        int[] buffer = [];
        var count = Adjacency.CopyFollowees(viewer, ref buffer);
        if (count < 0)
        {
            return null;
        }

        var followees = buffer.Take(count).Select(Ordinals.IdOf).ToHashSet();
        return followees.Count == count
            ? followees
            : throw new InvalidOperationException($"{viewer} follows somebody twice.");
    }

    public void Dispose() => Adjacency.Dispose();
}
