using Rookery.Delivery;

namespace Rookery.Adapters.Sql;

/// <summary>
/// What consumers have applied out of order. A position grows over every stretch that touches it; the others wait, joined where they touch each
/// other, so that as many rows stand here as there are gaps.
/// </summary>
internal static class SqlAppliedStretches
{
    private const string SelectPosition =
        "SELECT applied_through FROM consumer_positions WHERE consumer = @consumer";

    private const string UpdatePosition =
        "UPDATE consumer_positions SET applied_through = @through WHERE consumer = @consumer";

    private const string SelectTouching = """
        SELECT starts_after, through FROM applied_stretches
        WHERE consumer = @consumer AND starts_after <= @through AND through >= @after
        """;

    private const string DeleteTouching = """
        DELETE FROM applied_stretches WHERE consumer = @consumer AND starts_after <= @through AND through >= @after
        """;

    private const string Insert =
        "INSERT INTO applied_stretches (consumer, starts_after, through) VALUES (@consumer, @after, @through)";

    private const string DeleteForgotten =
        "DELETE FROM applied_stretches WHERE consumer NOT IN (SELECT consumer FROM consumer_positions)";

    public static void Add(SqlSession session, string consumer, IEnumerable<SequenceRange> ranges)
    {
        if (session.Number(SelectPosition, -1, consumer) is var position && position < 0)
        {
            return;
        }

        var before = position;
        foreach (var range in ranges.Where(range => range.Through > position))
        {
            var joined = Join(session, consumer, range);
            if (joined.After <= position)
            {
                position = joined.Through;
            }
            else
            {
                session.Execute(Insert, consumer, joined.After, joined.Through);
            }
        }

        if (position > before)
        {
            session.Execute(UpdatePosition, position, consumer);
        }
    }

    /// <summary>Drops those of consumers that are no more.</summary>
    public static void Forget(SqlSession session) => session.Execute(DeleteForgotten);

    private static SequenceRange Join(SqlSession session, string consumer, SequenceRange range)
    {
        var touching = session.Many(
            SelectTouching,
            row => new SequenceRange(row.GetInt64(0), row.GetInt64(1)),
            consumer,
            range.Through,
            range.After
        );
        if (touching.Count == 0)
        {
            return range;
        }

        session.Execute(DeleteTouching, consumer, range.Through, range.After);
        return new SequenceRange(
            Math.Min(range.After, touching.Min(one => one.After)),
            Math.Max(range.Through, touching.Max(one => one.Through))
        );
    }
}
