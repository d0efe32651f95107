namespace Rookery.Adapters.Sql;

/// <summary>
/// Every database of an installation remembers in which one each capability stands. Settings that say otherwise would show an installation without people,
/// or without posts, and take new ones: they are refused at start.
/// </summary>
internal static class SqlCapabilityHomes
{
    private const string Select = "SELECT capability, outbox FROM capability_homes";

    private const string Insert =
        "INSERT INTO capability_homes (capability, outbox) VALUES (@capability, @outbox) ON CONFLICT DO NOTHING";

    private const string Delete = "DELETE FROM capability_homes WHERE capability = @capability";

    /// <summary>Of each capability the table whose rows would be missed first: for databases from before they remembered.</summary>
    private static readonly Dictionary<string, string> Telling = new()
    {
        ["accounts"] = "accounts",
        ["graph"] = "follows",
        ["posts"] = "authors",
        ["media"] = "media",
        ["notifications"] = "notifications",
    };

    /// <exception cref="StoreUnavailableException">The settings contradict what a database remembers or holds.</exception>
    public static void Settle(IReadOnlyList<(SqlPlace Place, SqlDatabase Database)> all)
    {
        var homes = Homes(all);
        var untold = new List<(SqlPlace Place, SqlDatabase Database)>();
        foreach (var (place, database) in all)
        {
            var known = database.Read(Known);
            foreach (var (capability, home) in homes)
            {
                if (
                    known.TryGetValue(capability, out var before)
                        ? before != home.Outbox
                        : home != database && Holds(database, capability)
                )
                {
                    throw Elsewhere(place, capability);
                }
            }

            if (!homes.Keys.All(known.ContainsKey))
            {
                untold.Add((place, database));
            }
        }

        // In an order that is everybody's: of two first starts at a time one comes first to what both of them name.
        foreach (
            var (place, database) in untold.OrderBy(
                one => one.Database.Outbox,
                StringComparer.Ordinal
            )
        )
        {
            Remember(place, database, homes);
        }
    }

    private static Dictionary<string, string> Known(SqlSession session) =>
        session
            .Many(Select, row => KeyValuePair.Create(row.GetString(0), row.GetString(1)))
            .ToDictionary();

    private static Dictionary<string, SqlDatabase> Homes(
        IReadOnlyList<(SqlPlace Place, SqlDatabase Database)> all
    )
    {
        var outboxes = new Dictionary<string, SqlPlace>();
        var homes = new Dictionary<string, SqlDatabase>();
        foreach (var (place, database) in all)
        {
            var outbox = database.IdentifyAsync(CancellationToken.None).GetAwaiter().GetResult();
            if (!outboxes.TryAdd(outbox, place))
            {
                throw new StoreUnavailableException(
                    $"{outboxes[outbox].Setting} and {place.Setting} name the same database in other words, or one of them is a copy of the other. Give both the same words for one database; a copy cannot be used beside what it was copied from."
                );
            }

            foreach (var capability in place.Capabilities)
            {
                homes[capability] = database;
            }
        }

        return homes;
    }

    private static bool Holds(SqlDatabase database, string capability) =>
        Telling.TryGetValue(capability, out var table)
        && database.Read(session =>
            session.Number(
                "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = @table",
                0,
                table
            ) > 0
            && session.Number($"SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT 1) t", 0) > 0
        );

    /// <summary>Somebody may have written other homes since they were looked at: then nothing of these is kept.</summary>
    private static void Remember(
        SqlPlace place,
        SqlDatabase database,
        Dictionary<string, SqlDatabase> homes
    )
    {
        var known = StartWrites
            .RunAsync(
                database.Writes,
                commit =>
                {
                    var inserted = homes
                        .Where(one => commit.Session.Execute(Insert, one.Key, one.Value.Outbox) > 0)
                        .ToList();
                    var stand = Known(commit.Session);
                    if (homes.Any(one => stand[one.Key] != one.Value.Outbox))
                    {
                        inserted.ForEach(one => commit.Session.Execute(Delete, one.Key));
                    }

                    return stand;
                },
                CancellationToken.None
            )
            .GetAwaiter()
            .GetResult();
        foreach (var (capability, home) in homes)
        {
            if (known[capability] != home.Outbox)
            {
                throw Elsewhere(place, capability);
            }
        }
    }

    private static StoreUnavailableException Elsewhere(SqlPlace place, string capability) =>
        new(
            $"The database of {place.Setting} belongs to an installation whose {capability} stand in another database than the one that is named for them now. Set {SqlPlace.SettingOf(capability)} as it was, or {SqlOptions.Section}:{nameof(SqlOptions.Default)} where it was left out."
        );
}
