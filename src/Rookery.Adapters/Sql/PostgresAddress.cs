using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Rookery.Adapters.Sql;

/// <summary>What a setting says of where a PostgreSQL is, or why it says nothing.</summary>
internal static partial class PostgresAddress
{
    private const string Form = "Host=db1;Database=rookery;Username=rookery;Password=…";

    /// <exception cref="StoreUnavailableException">The text cannot be meant; the message names the setting, what was found and what would be right.</exception>
    public static NpgsqlConnectionStringBuilder Read(string text, string setting)
    {
        if (text.Contains("://", StringComparison.Ordinal) && !text.Contains('='))
        {
            throw new StoreUnavailableException(
                $"The setting {setting} is a URL; it must be a connection string of Npgsql, like {FormOf(text)}."
            );
        }

        var said = Keys()
            .Matches(text)
            .Select(key => key.Groups["key"].Value.Trim())
            .GroupBy(key => key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(key => key.Key, key => key.Count(), StringComparer.OrdinalIgnoreCase);
        if (said.FirstOrDefault(key => key.Value > 1) is { Key: { } twice, Value: var times })
        {
            throw new StoreUnavailableException(
                $"The setting {setting} says {twice} {times} times; it may stand there once."
            );
        }

        try
        {
            var connection = new NpgsqlConnectionStringBuilder(text);
            if (HostsOf(connection).Length == 0)
            {
                throw new StoreUnavailableException(
                    $"The setting {setting} names no Host; it looks like {Form}."
                );
            }

            if (said.ContainsKey(nameof(connection.Port)))
            {
                RefuseTwoPorts(connection, setting);
            }

            return connection;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException)
        {
            throw new StoreUnavailableException(
                $"The setting {setting} is no connection string ({fault.Message.ReplaceLineEndings(" ")}); it looks like {Form}"
            );
        }
    }

    /// <summary>In words, without a secret: of several hosts each may have its own port.</summary>
    public static string Describe(NpgsqlConnectionStringBuilder connection, string setting)
    {
        var hosts = HostsOf(connection)
            .Select(host => PortIn(host) is null ? $"{host}:{connection.Port}" : host);
        return $"PostgreSQL at {string.Join(',', hosts)}, database {connection.Database} ({setting})";
    }

    /// <summary>Npgsql takes a host's own port and says nothing of the other. One that repeats a host's contradicts nothing.</summary>
    private static void RefuseTwoPorts(NpgsqlConnectionStringBuilder connection, string setting)
    {
        var own = HostsOf(connection).Select(PortIn).ToList();
        if (
            !own.Contains(connection.Port)
            && own.TrueForAll(port => port is not null)
            && own[0] is { } other
        )
        {
            throw new StoreUnavailableException(
                $"The setting {setting} names two ports: Host says {other} and Port says {connection.Port}. Leave one of them out."
            );
        }
    }

    private static string[] HostsOf(NpgsqlConnectionStringBuilder connection) =>
        (connection.Host ?? "").Split(
            ',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );

    /// <summary>Null where it names none; an address of IPv6 has colons of its own, and a folder of sockets no port.</summary>
    private static int? PortIn(string host) =>
        OwnPort().Match(host) is { Success: true } found
        && int.TryParse(
            found.Groups["port"].Value,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var port
        )
            ? port
            : null;

    /// <summary>The same in the right form, without the password.</summary>
    private static string FormOf(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            return Form;
        }

        var port = uri.Port > 0 ? $";Port={uri.Port}" : "";
        var user = Uri.UnescapeDataString(uri.UserInfo.Split(':')[0]);
        return $"Host={uri.Host}{port};Database={Or(uri.AbsolutePath.Trim('/'))};Username={Or(user)};Password=…";
    }

    private static string Or(string said) => said.Length > 0 ? said : "rookery";

    [GeneratedRegex(@"^(\[[^\]]*\]|[^:/]*):(?<port>\d+)$")]
    private static partial Regex OwnPort();

    // A value in quotes may hold anything.
    [GeneratedRegex(
        """(?:^|;)\s*(?<key>[^=;"']+)=\s*(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|[^;]*)""",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Keys();
}
