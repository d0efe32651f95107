namespace Rookery.Contract.Tests.Delivery;

/// <summary>Where a consumer waits until it is let through, or until it is told to stop.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _open = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public void Open() => _open.TrySetResult();

    public Task PassAsync(Committed happened, CancellationToken token) =>
        _open.Task.WaitAsync(token);
}
