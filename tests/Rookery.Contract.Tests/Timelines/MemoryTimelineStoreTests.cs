using Microsoft.Extensions.Options;
using Rookery.Adapters.Memory;
using Rookery.TestKit;
using Rookery.Timelines;

namespace Rookery.Contract.Tests.Timelines;

public sealed class MemoryTimelineStoreTests : TimelineStoreContract
{
    protected override TimelineRig Open() => new MemoryRig();
}

/// <summary>Time is told, and what the memory holds is lost by dropping it: with the process its rebuilders would be gone, too.</summary>
internal sealed class MemoryRig : TimelineRig
{
    private readonly FakeTime _time = new();

    public MemoryRig(Func<ITimelineStore, ITimelineStore>? wrap = null)
    {
        var options = new TimelinesOptions { PushedLength = Length, PushedDays = Days };
        var store = new MemoryTimelineStore(Options.Create(options), _time);
        Store = wrap?.Invoke(store) ?? store;
    }

    public override ITimelineStore Store { get; }

    public override DateTimeOffset Now => _time.GetUtcNow();

    public override ValueTask PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return ValueTask.CompletedTask;
    }

    public override ValueTask LoseAsync(ReadOnlyMemory<AccountId> owners) =>
        Store.DropAsync(owners, CancellationToken.None);
}
