using System.Globalization;
using System.Text.Json.Serialization;

namespace Rookery.Kernel;

/// <summary>An account's id: 64 bits, time-ordered; its partition is drawn at sign-up and never changes.</summary>
[JsonConverter(typeof(AccountIdJson))]
public readonly record struct AccountId(long Value) : IComparable<AccountId>
{
    public int Partition => Snowflake.PartitionOf(Value);

    public int CompareTo(AccountId other) => Value.CompareTo(other.Value);

    public static bool operator <(AccountId left, AccountId right) => left.Value < right.Value;

    public static bool operator <=(AccountId left, AccountId right) => left.Value <= right.Value;

    public static bool operator >(AccountId left, AccountId right) => left.Value > right.Value;

    public static bool operator >=(AccountId left, AccountId right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A post's id: 64 bits, time-ordered; it carries its author's partition, so the id alone tells where the row lives.</summary>
[JsonConverter(typeof(PostIdJson))]
public readonly record struct PostId(long Value) : IComparable<PostId>
{
    public static readonly PostId Newest = new(long.MaxValue);

    public DateTimeOffset CreatedAt => Snowflake.TimeOf(Value);

    public int CompareTo(PostId other) => Value.CompareTo(other.Value);

    public static bool operator <(PostId left, PostId right) => left.Value < right.Value;

    public static bool operator <=(PostId left, PostId right) => left.Value <= right.Value;

    public static bool operator >(PostId left, PostId right) => left.Value > right.Value;

    public static bool operator >=(PostId left, PostId right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The id of something that was uploaded: 64 bits, time-ordered; it carries its owner's partition.</summary>
[JsonConverter(typeof(MediaIdJson))]
public readonly record struct MediaId(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// A notification's id: 53 bits, time-ordered, 41 of them the milliseconds of every id. Clients read it as a number, and JavaScript's have no more bits.
/// </summary>
[JsonConverter(typeof(NotificationIdJson))]
public readonly record struct NotificationId(long Value) : IComparable<NotificationId>
{
    private const int Bits = 12;

    /// <summary>No id is larger.</summary>
    public static readonly NotificationId Largest = new((1L << 53) - 1);

    public DateTimeOffset CreatedAt => Snowflake.Epoch.AddMilliseconds(Value >> Bits);

    /// <summary>Of an id that was drawn in one of the first <see cref="Snowflake.MostNarrow"/> partitions.</summary>
    public static NotificationId Of(long id) =>
        new(
            (Snowflake.MillisecondsOf(id) << Bits)
                | ((long)Snowflake.PartitionOf(id) << Snowflake.SequenceBits)
                | ((uint)id & Snowflake.MaxSequence)
        );

    /// <summary>The smallest id that could have been drawn then.</summary>
    public static NotificationId FloorAt(DateTimeOffset time) =>
        new(Snowflake.MillisecondsAt(time) << Bits);

    public int CompareTo(NotificationId other) => Value.CompareTo(other.Value);

    public static bool operator <(NotificationId left, NotificationId right) =>
        left.Value < right.Value;

    public static bool operator <=(NotificationId left, NotificationId right) =>
        left.Value <= right.Value;

    public static bool operator >(NotificationId left, NotificationId right) =>
        left.Value > right.Value;

    public static bool operator >=(NotificationId left, NotificationId right) =>
        left.Value >= right.Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A report's id: 64 bits, time-ordered.</summary>
[JsonConverter(typeof(ReportIdJson))]
public readonly record struct ReportId(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The id of something that a moderator or an operator did: 64 bits, time-ordered.</summary>
public readonly record struct ActId(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
