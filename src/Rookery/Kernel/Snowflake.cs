namespace Rookery.Kernel;

/// <summary>
/// The layout of every id: 41 bits of milliseconds since 2006-01-01T00:00:00Z (lasts to 2075), 10 bits partition,
/// 6 bits writer, 6 bits sequence. Larger means later; inside one millisecond the order is arbitrary.
/// </summary>
public static class Snowflake
{
    public const int SequenceBits = 6;
    public const int WriterBits = 6;
    public const int PartitionBits = 10;
    public const int MaxSequence = (1 << SequenceBits) - 1;
    public const int Writers = 1 << WriterBits;
    public const int Partitions = 1 << PartitionBits;

    /// <summary>Partitions whose ids fit into 53 bits without their writer: see <see cref="NotificationId"/>.</summary>
    public const int MostNarrow = 64;

    /// <summary>The writer whose ids are made of an imported post's date; live writers never use it.</summary>
    public const int ImportWriter = Writers - 1;

    private const int TimeShift = SequenceBits + WriterBits + PartitionBits;

    public static readonly DateTimeOffset Epoch = new(2006, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static long Compose(long milliseconds, int partition, int writer, int sequence) =>
        (milliseconds << TimeShift)
        | ((long)partition << (SequenceBits + WriterBits))
        | ((long)writer << SequenceBits)
        | (uint)sequence;

    public static long MillisecondsOf(long id) => id >> TimeShift;

    public static int PartitionOf(long id) =>
        (int)(id >> (SequenceBits + WriterBits)) & (Partitions - 1);

    public static DateTimeOffset TimeOf(long id) => Epoch.AddMilliseconds(MillisecondsOf(id));

    public static long MillisecondsAt(DateTimeOffset time) =>
        (long)(time - Epoch).TotalMilliseconds;

    /// <summary>The smallest id that could have been drawn at <paramref name="time"/>.</summary>
    public static long FloorAt(DateTimeOffset time) => MillisecondsAt(time) << TimeShift;
}
