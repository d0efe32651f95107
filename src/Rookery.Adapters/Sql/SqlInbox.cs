namespace Rookery.Adapters.Sql;

/// <summary>What makes an event's effect happen once: its mark is inserted in the transaction of the effect.</summary>
internal static class SqlInbox
{
    private const string Mark =
        "INSERT INTO inbox (consumer, sequence) VALUES (@consumer, @sequence) ON CONFLICT DO NOTHING";

    /// <summary>True the first time; the caller then applies the event in this transaction.</summary>
    public static bool IsNew(CommitContext commit, string consumer, long sequence) =>
#if SEEDED_BUGS
        SeededBugs.Is("inbox-not-asked") ||
#endif
        commit.Session.Execute(Mark, consumer, sequence) > 0;
}
