using Rookery.Timelines;

namespace Rookery.Adapters.Sql;

/// <summary>A row for each part; there is none as long as all can be reached.</summary>
internal sealed class SqlPostponedParts(SqlDatabase database) : IPostponedParts
{
    private const string Upsert = """
        INSERT INTO postponed_parts (outbox, part, first_event, last_event) VALUES (@outbox, @part, @first, @last)
        ON CONFLICT (outbox, part) DO UPDATE SET
            first_event = CASE WHEN excluded.first_event < postponed_parts.first_event THEN excluded.first_event ELSE postponed_parts.first_event END,
            last_event = CASE WHEN excluded.last_event > postponed_parts.last_event THEN excluded.last_event ELSE postponed_parts.last_event END
        """;

    private const string Delete =
        "DELETE FROM postponed_parts WHERE outbox = @outbox AND part = @part AND first_event = @first AND last_event = @last";

    public Task NoteAsync(IReadOnlyList<PostponedPart> parts, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
            {
                foreach (var part in parts)
                {
                    commit.Session.Execute(
                        Upsert,
                        part.Outbox ?? "",
                        part.Part,
                        part.First,
                        part.Last
                    );
                }

                return Done.Instance;
            },
            token
        );

    public ValueTask<IReadOnlyList<PostponedPart>> AllAsync(CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<PostponedPart>>(session =>
            session.Many(
                "SELECT part, first_event, last_event, outbox FROM postponed_parts ORDER BY part, outbox",
                row => new PostponedPart(row.GetString(0), row.GetInt64(1), row.GetInt64(2))
                {
                    Outbox = row.GetString(3) is { Length: > 0 } outbox ? outbox : null,
                }
            )
        );

    public Task<bool> SettleAsync(PostponedPart part, CancellationToken token) =>
        database.Writes.RunAsync(
            commit =>
                commit.Session.Execute(Delete, part.Outbox ?? "", part.Part, part.First, part.Last)
                > 0,
            token
        );
}
