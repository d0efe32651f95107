namespace Rookery.Timelines;

/// <summary>
/// One loading of some heads: registered before truth is read, finished by <see cref="Complete"/>. What was not completed when it is disposed is
/// absent again, and those who waited try for themselves.
/// </summary>
internal sealed class HeadLoad(AuthorHeads heads) : IDisposable
{
    private readonly List<int> _taken = [];
    private readonly HashSet<Task> _others = [];
    private readonly List<(int Author, long Id, bool Removed)> _meanwhile = [];
    private readonly TaskCompletionSource _ended = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>The heads that this load has to fill.</summary>
    public IReadOnlyList<int> Taken => _taken;

    /// <summary>How many ids of each author to read from truth.</summary>
    public int Room { get; private set; }

    /// <summary>Completes when other loads of wanted heads have ended, well or not.</summary>
    public Task Others => _others.Count == 0 ? Task.CompletedTask : Task.WhenAll(_others);

    /// <summary>Installs one head: its newest ids as truth had them when <paramref name="asked"/> were asked for.</summary>
    public void Complete(int author, ReadOnlySpan<long> newestFirst, int asked)
    {
        var whole = newestFirst.Length < asked;
        // The last id read is known, but nothing says whether there is one just below it.
        var floor = whole ? 0 : newestFirst[^1] - 1;
        heads.Install(this, author, newestFirst, floor);
    }

    public void Dispose()
    {
        heads.GiveUp(this, _taken);
        _ended.TrySetResult();
    }

    internal void Take(int author, int room)
    {
        _taken.Add(author);
        Room = Math.Max(Room, room);
    }

    internal void WaitFor(HeadLoad other)
    {
        if (other != this)
        {
            _others.Add(other._ended.Task);
        }
    }

    internal void Remember(int author, long id, bool removed) =>
        _meanwhile.Add((author, id, removed));

    /// <summary>Applies what was committed while truth was being read.</summary>
    internal void Replay(int author, AuthorHeads heads)
    {
        foreach (var (about, id, removed) in _meanwhile)
        {
            if (about != author)
            {
                continue;
            }

            if (removed)
            {
                heads.Remove(author, id);
            }
            else
            {
                heads.Add(author, id);
            }
        }
    }
}
