using Microsoft.Extensions.Options;

namespace Rookery.Timelines;

/// <summary>Bounds how many home timelines are read from truth at once: a wiped memory must not become a stampede on the database.</summary>
internal sealed class ColdReads(IOptions<TimelinesOptions> options, TimeProvider time) : IDisposable
{
    private readonly Turns _turns = new(options.Value.ColdReads, time);

    /// <exception cref="StoreUnavailableException">No turn came within a second.</exception>
    public async ValueTask<Turns.Turn> EnterAsync(CancellationToken token) =>
        await TryEnterAsync(token)
        ?? throw new StoreUnavailableException(
            "Too many timelines are being read from the database; try again shortly."
        );

    /// <summary>Null where no turn came within a second.</summary>
    public ValueTask<Turns.Turn?> TryEnterAsync(CancellationToken token) =>
        _turns.EnterAsync(token);

    public void Dispose() => _turns.Dispose();
}
