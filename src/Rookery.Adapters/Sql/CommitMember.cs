namespace Rookery.Adapters.Sql;

/// <summary>One write in a group: what it does, and who waits for its outcome.</summary>
internal abstract class CommitMember
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int GivenUp = 2;

    private int _state = Waiting;

    /// <summary>It took something away: its answer waits until no process answers from before it.</summary>
    public bool Narrows { get; set; }

    /// <summary>It has said what it reads, and says of what it changes where that was read ahead.</summary>
    public virtual bool ReadsAhead => false;

    /// <summary>Says what it will read.</summary>
    public virtual void Want(ReadsAhead ahead) { }

    /// <summary>For a group; false where nobody waits for it any more.</summary>
    public bool TryTake() => TryLeaveWaiting(Taken);

    /// <summary>Nobody waits for it any more; false where a group has it already, so that it may be stored.</summary>
    public bool TryGiveUp() => TryLeaveWaiting(GivenUp);

    public abstract void Run(CommitContext context);

    /// <summary>The group is on the disk.</summary>
    public abstract void Succeed();

    public abstract void Fail(Exception fault);

    private bool TryLeaveWaiting(int state) =>
        Interlocked.CompareExchange(ref _state, state, Waiting) == Waiting;
}

internal sealed class CommitMember<T>(Func<CommitContext, T> work, Action<ReadsAhead>? want)
    : CommitMember
{
    // Continuations must not run on the commit thread: the next group waits for it.
    private readonly TaskCompletionSource<T> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private T _value = default!;

    public Task<T> Answer => _answer.Task;

    public override bool ReadsAhead => want is not null;

    public override void Want(ReadsAhead ahead) => want?.Invoke(ahead);

    public override void Run(CommitContext context) => _value = work(context);

    public override void Succeed() => _answer.TrySetResult(_value);

    public override void Fail(Exception fault) => _answer.TrySetException(fault);
}

/// <summary>Writes nothing: it makes the commit thread look at what other processes have committed.</summary>
internal sealed class FollowMember : CommitMember
{
    private readonly TaskCompletionSource<Told> _told = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public Task<Told> Answer => _told.Task;

    public void Succeed(Told told) => _told.TrySetResult(told);

    public override void Run(CommitContext context) { }

    public override void Succeed() { }

    public override void Fail(Exception fault) => _told.TrySetException(fault);
}
