namespace Rookery.Graph;

/// <summary>
/// One viewer being read from SQL: registered before the read, so that whatever is committed meanwhile stands here and is applied
/// on top of what was read. Its members are guarded by the viewer's stripe.
/// </summary>
internal sealed class ViewerLoading
{
    private readonly TaskCompletionSource _done = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>Who needs the same viewer waits for this instead of reading it again.</summary>
    public Task Done => _done.Task;

    public List<RelationChange> Changes { get; } = [];

    /// <summary>Something happened that cannot be applied on top: what was read must be read again.</summary>
    public bool IsStale { get; private set; }

    public void Spoil()
    {
        Changes.Clear();
        IsStale = true;
    }

    public void StartOver() => IsStale = false;

    public void Succeed() => _done.TrySetResult();

    public void Fail(Exception fault)
    {
        _done.TrySetException(fault);
        // Observed here: perhaps nobody waits.
        _ = _done.Task.Exception;
    }
}
