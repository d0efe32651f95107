using Microsoft.Extensions.Options;

namespace Rookery.Timelines;

/// <summary>Bounds how many home timelines are read from truth at once: a wiped memory must not become a stampede on the database.</summary>
internal sealed class ColdReads(IOptions<TimelinesOptions> options) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turns = new(options.Value.ColdReads);

    /// <exception cref="StoreUnavailableException">No turn came within a second.</exception>
    public async ValueTask<Turn> EnterAsync(CancellationToken token) =>
        await _turns.WaitAsync(Patience, token)
            ? new Turn(_turns)
            : throw new StoreUnavailableException(
                "Too many timelines are being read from the database; try again shortly."
            );

    public void Dispose() => _turns.Dispose();

    public readonly struct Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
