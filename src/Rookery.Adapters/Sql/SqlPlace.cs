namespace Rookery.Adapters.Sql;

/// <summary>A database and what stands in it.</summary>
/// <param name="Setting">What names it, for messages; none for a file.</param>
/// <param name="Connection">A connection string of Npgsql, or the path of a SQLite file.</param>
/// <param name="Listener">The way past a pooler; empty where there is none.</param>
/// <param name="Capabilities">Whose tables it has.</param>
internal sealed record SqlPlace(
    string Setting,
    string Connection,
    string Listener,
    IReadOnlySet<string> Capabilities
)
{
    private const string Default = $"{SqlOptions.Section}:{nameof(SqlOptions.Default)}";
    private const string Pooler = $"{SqlOptions.Section}:{nameof(SqlOptions.Listener)}";

    public bool IsFile => Setting.Length == 0;

    /// <summary>One for everything.</summary>
    /// <param name="path">Of the SQLite file, where no PostgreSQL is named.</param>
    /// <exception cref="StoreUnavailableException">The settings contradict each other.</exception>
    public static SqlPlace OfAll(string path, SqlOptions options) =>
        options.Default.Length > 0
            ? new SqlPlace(Default, options.Default, options.Listener, Migrations.Capabilities)
        : options.Listener.Length > 0
            ? throw new StoreUnavailableException(
                $"The setting {Pooler} is of no use without {Default}, which names the pooler."
            )
        : new SqlPlace("", path, "", Migrations.Capabilities);

    /// <summary>Where everything stands. Capabilities whose settings are the same share a database.</summary>
    /// <exception cref="StoreUnavailableException">The settings contradict each other.</exception>
    public static IReadOnlyList<SqlPlace> Plan(string path, SqlOptions options)
    {
        var own = Owned(options);
        if (own.Count == 0)
        {
            return [OfAll(path, options)];
        }

        // What has no setting of its own stands in the one for all.
        var homes = Migrations
            .Capabilities.Order(StringComparer.Ordinal)
            .Select(capability =>
                own.TryGetValue(capability, out var home)
                    ? (capability, home)
                    : (capability, home: (Setting: Default, Connection: options.Default))
            )
            .ToList();
        // The last of them: media and notifications would go where posts do.
        if (homes.FindLast(one => one.home.Connection.Length == 0) is { capability: { } homeless })
        {
            throw new StoreUnavailableException(
                $"{own.Values.First().Setting} is set, and nothing says where {homeless} stand: name a database for them with {SettingOf(homeless)}, or one for all that have none with {Default}."
            );
        }

        RefuseUseless(options, homes.Exists(one => one.home.Connection == options.Default));
        return
        [
            .. homes
                .GroupBy(one => one.home.Connection)
                .Select(group => new SqlPlace(
                    group.First().home.Setting,
                    group.Key,
                    group.Key == options.Default ? options.Listener : "",
                    group.Select(one => one.capability).ToHashSet(StringComparer.Ordinal)
                )),
        ];
    }

    /// <summary>The setting that says where a capability stands; the one for all where it has none.</summary>
    public static string SettingOf(string capability) =>
        capability switch
        {
            "accounts" or "mail" => $"{SqlOptions.Section}:{nameof(SqlOptions.Accounts)}",
            "graph" => $"{SqlOptions.Section}:{nameof(SqlOptions.Graph)}",
            "posts" => $"{SqlOptions.Section}:{nameof(SqlOptions.Posts)}",
            "media" => $"{SqlOptions.Section}:{nameof(SqlOptions.Media)}",
            "notifications" => $"{SqlOptions.Section}:{nameof(SqlOptions.Notifications)}",
            _ => Default,
        };

    private static Dictionary<string, (string Setting, string Connection)> Owned(SqlOptions options)
    {
        var own = new[]
        {
            ("accounts", options.Accounts),
            ("graph", options.Graph),
            ("posts", options.Posts),
            ("media", options.Media),
            ("notifications", options.Notifications),
        }
            .Where(one => one.Item2.Length > 0)
            .ToDictionary(one => one.Item1, one => (SettingOf(one.Item1), one.Item2));
        if (own.TryGetValue("posts", out var posts))
        {
            // They go with posts where nothing else is said of them.
            own.TryAdd("media", posts);
            own.TryAdd("notifications", posts);
        }

        if (own.TryGetValue("accounts", out var accounts))
        {
            // What happens to an account orders its mail in the same transaction.
            own.Add("mail", accounts);
        }

        return own;
    }

    /// <summary>People who stand in a database that nobody opens any more would be lost sight of without a word.</summary>
    private static void RefuseUseless(SqlOptions options, bool isUsed)
    {
        if (!isUsed && options.Default.Length > 0)
        {
            throw new StoreUnavailableException(
                $"Nothing would stand in the database of {Default}, since everything has one of its own: leave out {Default}, or one of the others."
            );
        }

        if (!isUsed && options.Listener.Length > 0)
        {
            throw new StoreUnavailableException(
                $"The setting {Pooler} is of no use without {Default}, which names the pooler."
            );
        }
    }
}
