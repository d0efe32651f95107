namespace Rookery.Kernel;

/// <summary>Bounds how many do something costly at the same time. Who gets no turn within a second is better told to come back.</summary>
internal sealed class Turns(int atOnce, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turns = new(atOnce);

    /// <summary>A turn, to be disposed at its end; null where none came.</summary>
    public ValueTask<Turn?> EnterAsync(CancellationToken token) =>
        _turns.Wait(0, CancellationToken.None)
            ? ValueTask.FromResult<Turn?>(new Turn(_turns))
            : WaitAsync(token);

    public void Dispose() => _turns.Dispose();

    private async ValueTask<Turn?> WaitAsync(CancellationToken token)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, patience.Token);
        try
        {
            await _turns.WaitAsync(either.Token);
            return new Turn(_turns);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return null;
        }
    }

    public readonly struct Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
