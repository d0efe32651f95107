namespace Rookery.Adapters.Sql;

/// <summary>A read that waits for a thread, or is at it. It is answered once: by what was read, or by the end of somebody's patience.</summary>
internal abstract class ReadJob(bool atLeisure)
{
    private readonly long _asked = TimeProvider.System.GetTimestamp();

    public bool AtLeisure => atLeisure;

    public TimeSpan Age => TimeProvider.System.GetElapsedTime(_asked);

    public abstract bool IsAnswered { get; }

    public abstract void Run(SqlSession session);

    public abstract void Fail(Exception fault);
}

/// <inheritdoc/>
internal sealed class ReadJob<T>(Func<SqlSession, T> work, bool atLeisure) : ReadJob(atLeisure)
{
    private readonly TaskCompletionSource<T> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public Task<T> Answer => _answer.Task;

    public override bool IsAnswered => _answer.Task.IsCompleted;

    public override void Run(SqlSession session) => _answer.TrySetResult(work(session));

    public override void Fail(Exception fault) => _answer.TrySetException(fault);
}
