using Rookery.Graph;

namespace Rookery.Contract.Tests.Sql;

/// <summary>Notes what it is told. A broken one throws whenever it is called.</summary>
internal sealed class RecordingObserver(bool broken = false) : ICommitObserver
{
    /// <summary>The rows of each group, as their events name them.</summary>
    public List<long[]> Groups { get; } = [];

    public int Forgotten { get; private set; }

    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        ThrowIfBroken();
        Groups.Add([.. group.Select(committed => ((Followed)committed.Event).Follower.Value)]);
    }

    public void Forget()
    {
        ThrowIfBroken();
        Forgotten++;
    }

    private void ThrowIfBroken()
    {
        if (broken)
        {
            throw new InvalidOperationException("broken");
        }
    }
}
