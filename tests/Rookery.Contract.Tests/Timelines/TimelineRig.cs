using Rookery.Timelines;

namespace Rookery.Contract.Tests.Timelines;

/// <summary>A timeline store with what a test does to it from outside.</summary>
public abstract class TimelineRig
{
    /// <summary>What <see cref="TimelinesOptions.PushedLength"/> is set to: the smallest that the option allows.</summary>
    public const int Length = 20;

    /// <summary>What <see cref="TimelinesOptions.PushedDays"/> is set to.</summary>
    public const int Days = 2;

    public abstract ITimelineStore Store { get; }

    /// <summary>The store's clock: ids of posts are made of it.</summary>
    public abstract DateTimeOffset Now { get; }

    /// <summary>How many entries above <see cref="Length"/> the store may keep.</summary>
    public virtual int Slack => 0;

    public abstract ValueTask PassAsync(TimeSpan time);

    /// <summary>All that the store holds of these owners, half-built or whole, is gone, as if its memory had been lost.</summary>
    public abstract ValueTask LoseAsync(ReadOnlyMemory<AccountId> owners);
}
