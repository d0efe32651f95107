namespace Rookery.Adapters.Sql;

/// <summary>What makes an event's effect happen once: its mark is inserted in the transaction of the effect.</summary>
internal static class SqlInbox
{
    /// <summary>Of marks: those of the events of this database's outbox. Another outbox's have its name behind the consumer's.</summary>
    public const string OfOwnOutbox = "consumer NOT LIKE '%/%'";

    // WHERE: else SQLite takes the ON for a join's.
    private const string Mark = """
        INSERT INTO inbox (consumer, sequence) SELECT @consumer, value FROM json_each(@sequences) WHERE true
        ON CONFLICT DO NOTHING RETURNING sequence
        """;

    /// <summary>The consumer as it marks events of another database's outbox: their sequences are other events' here.</summary>
    public static string Of(string consumer, string outbox) => $"{consumer}/{outbox}";

    /// <summary>Whether a consumer, as it stands at its marks, marks events of that other outbox.</summary>
    public static bool IsOf(string marked, string outbox) =>
        marked.EndsWith(Of("", outbox), StringComparison.Ordinal);

    /// <summary>Whether a consumer, as it stands at its marks, marks events of this database's outbox.</summary>
    public static bool IsOfOwnOutbox(string marked) =>
        !marked.Contains('/', StringComparison.Ordinal);

    /// <summary>Those that come for the first time; the caller then applies them in this transaction.</summary>
    public static IEnumerable<T> TakeNew<T>(
        CommitContext commit,
        string consumer,
        IEnumerable<T> events,
        Func<T, long> sequenceOf
    )
    {
        var all = events.ToList();
        if (all.Count == 0)
        {
            return all;
        }

        var marked = commit
            .Session.Many(
                Mark,
                row => row.GetInt64(0),
                consumer,
                SqlList.Of(all.Select(sequenceOf))
            )
            .ToHashSet();
        return all.Where(one =>
#if SEEDED_BUGS
            SeededBugs.Is("inbox-not-asked") ||
#endif
            marked.Remove(sequenceOf(one)));
    }
}
