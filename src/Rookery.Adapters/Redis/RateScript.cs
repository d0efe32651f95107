using System.Text;
using Rookery.Wire.Redis;

namespace Rookery.Adapters.Redis;

/// <summary>
/// One bucket, as the microsecond at which it is full again, by the server's own clock: what is taken moves that on. A key that is not there is a
/// full bucket, so it lasts no longer than until then; one that holds something else is a full bucket too.
/// </summary>
internal static class RateScript
{
    // ARGV: what one permit costs; how many; when it is full later than that, nothing is granted, or -1: it was already; how far it may ever be moved.
    // All times are microseconds; as doubles they are exact until the year 2255.
    private const string Text = """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local held = redis.pcall('GET', KEYS[1])
        local full = math.max(type(held) == 'string' and tonumber(held) or 0, now)
        local beyond = tonumber(ARGV[3])
        if beyond >= 0 and full - now > beyond + 1 then return -math.ceil(full - now) end
        full = math.min(full + ARGV[1] * ARGV[2], now + ARGV[4])
        redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1)
        return math.ceil(full - now)
        """;

    private static readonly byte[] Bytes = Encoding.ASCII.GetBytes(Text);

    /// <summary>Takes one where there is one.</summary>
    public static RedisCommand Take(byte[] key, RateTerms terms) =>
        Command(key, terms, 1, Microseconds(Interval(terms) * (terms.Permits - 1)));

    /// <summary>Takes what was granted already. More than <see cref="RateTerms.MostWindows"/> are never taken, so a flood is over when it ends.</summary>
    public static RedisCommand Tell(byte[] key, RateTerms terms, int granted) =>
        Command(key, terms, granted, -1);

    /// <summary>In how long the bucket is full; and whether it was granted.</summary>
    public static (bool Granted, TimeSpan FullIn) Read(long answer) =>
        (answer >= 0, TimeSpan.FromMicroseconds(Math.Abs(answer)));

    private static RedisCommand Command(byte[] key, RateTerms terms, int count, double beyond) =>
        RedisCommand.At(
            key,
            "EVAL",
            Bytes,
            1,
            key,
            Microseconds(Interval(terms)),
            count,
            beyond,
            terms.MostWindows * Microseconds(terms.Window)
        );

    private static TimeSpan Interval(RateTerms terms) => terms.Window / terms.Permits;

    private static double Microseconds(TimeSpan time) => time.TotalMicroseconds;
}
