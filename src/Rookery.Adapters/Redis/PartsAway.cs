using Rookery.Wire;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>Whose commands were not run, and which parts of the store these owners are in.</summary>
internal sealed class PartsAway(TimelineSpace space)
{
    private readonly List<SlotRange> _slots = [];
    private readonly List<string> _parts = [];
    private WireException? _fault;

    /// <exception cref="WireException">It is no fault that passes.</exception>
    public void Add(AccountId owner, WireException fault)
    {
        if (!Unavailable.Is(fault))
        {
            throw fault;
        }

        _fault = fault;
        var key = space.Keys.ListOf(owner);
        if (!_slots.Have(KeySlot.Of(key)))
        {
            var slots = space.Client.SlotsBeside(key);
            _slots.AddRange(slots);
            _parts.Add(Slots.NameOf(slots));
        }
    }

    /// <exception cref="StoreUnavailableException">Names the parts where there is one beside them that can be reached; otherwise it is all of the store.</exception>
    public void ThrowIfAny()
    {
        if (_fault is null)
        {
            return;
        }

        var others = space.Client.Sources.Any(shard => !shard.Slots.Meet(_slots));
        throw Unavailable.Because(_fault, others ? _parts : []);
    }
}
