using Rookery.Sharing;

namespace Rookery.Adapters.InProcess;

/// <summary>Nothing is kept between the memory of a process and its database.</summary>
internal sealed class NoSharedCache : ISharedCache
{
    public bool Keeps => false;

    public ValueTask<IReadOnlyList<SharedPlace>> GetAsync(
        IReadOnlyList<SharedKey> keys,
        CancellationToken token
    ) => ValueTask.FromResult<IReadOnlyList<SharedPlace>>(new SharedPlace[keys.Count]);

    public ValueTask FillAsync(IReadOnlyList<SharedFill> values, CancellationToken token) =>
        ValueTask.CompletedTask;
}
