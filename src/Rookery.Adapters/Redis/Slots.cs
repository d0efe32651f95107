using System.Globalization;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>Slots as the name of a part of the store: `0-5460,10923`. It says the same whoever has them, now or later.</summary>
internal static class Slots
{
    public static string NameOf(IEnumerable<SlotRange> slots) =>
        string.Join(
            ',',
            slots.Select(range =>
                string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")
            )
        );

    /// <summary>All slots, where the name cannot be read: what lacks something may be any of them.</summary>
    public static IReadOnlyList<SlotRange> Named(string name)
    {
        var slots = new List<SlotRange>();
        foreach (var range in name.Split(','))
        {
            var ends = range.Split('-');
            if (
                ends.Length > 2
                || Slot(ends[0]) is not { } first
                || Slot(ends[^1]) is not { } last
                || first > last
            )
            {
                return [new SlotRange(0, KeySlot.Count - 1)];
            }

            slots.Add(new SlotRange(first, last));
        }

        return slots;
    }

    public static bool Have(this IEnumerable<SlotRange> slots, int slot) =>
        slots.Any(range => slot >= range.First && slot <= range.Last);

    public static bool Meet(this IEnumerable<SlotRange> slots, IReadOnlyList<SlotRange> others) =>
        slots.Any(range =>
            others.Any(other => range.First <= other.Last && other.First <= range.Last)
        );

    /// <summary>Whether each of them is among the others.</summary>
    public static bool AreAmong(
        this IEnumerable<SlotRange> slots,
        IReadOnlyList<SlotRange> others
    ) =>
        slots.All(range =>
            Enumerable
                .Range(range.First, range.Last - range.First + 1)
                .All(slot => others.Have(slot))
        );

    private static int? Slot(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var slot)
        && slot < KeySlot.Count
            ? slot
            : null;
}
