namespace Rookery.Adapters.Sql;

/// <summary>One write in a group: what it does, and who waits for its outcome.</summary>
internal abstract class CommitMember
{
    /// <summary>It took something away: its answer waits until no process answers from before it.</summary>
    public bool Narrows { get; set; }

    public abstract void Run(CommitContext context);

    /// <summary>The group is on the disk.</summary>
    public abstract void Succeed();

    public abstract void Fail(Exception fault);
}

internal sealed class CommitMember<T>(Func<CommitContext, T> work) : CommitMember
{
    // Continuations must not run on the commit thread: the next group waits for it.
    private readonly TaskCompletionSource<T> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private T _value = default!;

    public Task<T> Answer => _answer.Task;

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
