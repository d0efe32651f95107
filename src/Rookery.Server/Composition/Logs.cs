using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Rookery.Adapters.Logs;

namespace Rookery.Server.Composition;

/// <summary>Where a server's log lines go, and what stands in each of them.</summary>
internal static partial class Logs
{
    /// <summary>Adds the log servers that the settings name to what the console gets.</summary>
    /// <param name="roles">Those of this process, as they were asked for.</param>
    public static void AddLogs(this WebApplicationBuilder builder, string? roles)
    {
        // A trace id is one whatever a client sends: a header that is none would be taken for an id of another format.
        Activity.DefaultIdFormat = ActivityIdFormat.W3C;
        Activity.ForceDefaultIdFormat = true;
        builder
            .Services.AddOptions<LogsOptions>()
            .BindConfiguration(LogsOptions.Section)
            .ValidateAnnotations(LogsOptions.Section)
            .ValidateOnStart();
        var settings = builder.Configuration.GetSection(LogsOptions.Section);
        string[] places = [nameof(LogsOptions.Syslog), nameof(LogsOptions.Otlp)];
        if (places.Any(place => !string.IsNullOrEmpty(settings[place])))
        {
            builder.Services.AddSingleton<ILoggerProvider>(parts => Provider(parts, roles));
        }
    }

    /// <summary>Sends and writes the lines that still wait, the last of the process.</summary>
    public static async Task FlushAsync(IServiceProvider services)
    {
        var providers = services.GetServices<ILoggerProvider>().ToList();
        // What they have to say of it, the console says.
        foreach (var provider in providers.OfType<IAsyncDisposable>())
        {
            await provider.DisposeAsync();
        }

        foreach (var provider in providers)
        {
            provider.Dispose();
        }
    }

    /// <summary>What this process is called where its lines and metrics are gathered.</summary>
    public static LogSource SourceOf(LogsOptions options, string? roles)
    {
        var host = Environment.MachineName;
        return new LogSource(
            host,
            Environment.ProcessId,
            string.Join(',', Roles.Parse(roles).Value.Select(role => role.Name)),
            options.Instance.Length > 0 ? options.Instance : $"{host}-{Environment.ProcessId}",
            ActivityTraceId.CreateRandom()
        );
    }

    private static LogServerProvider Provider(IServiceProvider parts, string? roles)
    {
        var options = parts.GetRequiredService<IOptions<LogsOptions>>().Value;
        var time = parts.GetRequiredService<TimeProvider>();
        var source = SourceOf(options, roles);
        var servers = new List<ILogServer>();
        if (options.Syslog.Length > 0)
        {
            var format = new SyslogFormat(source, options.Facility, options.LineBytes);
            var authorities = options.HasTls
                ? TrustedAuthorities.Read(options.SyslogTlsAuthorities)
                : null;
            servers.Add(new SyslogServer(new Uri(options.Syslog), authorities, format, time));
        }

        if (options.Otlp.Length > 0)
        {
            servers.Add(new OtlpServer(new Uri(options.Otlp), new OtlpFormat(source)));
        }

        return new LogServerProvider(
            [
                .. servers.Select(server => new LogShipper(
                    server,
                    options.QueueLength,
                    time,
                    // Not before somebody else has made it: it is made of this provider among others.
                    () => parts.GetRequiredService<ILoggerFactory>().CreateLogger<LogShipper>()
                )),
            ],
            source.Run,
            new Redaction([.. SecretsIn(parts.GetRequiredService<IConfiguration>())]),
            options.LineBytes,
            time
        );
    }

    /// <summary>Settings whose name says that they are secret, and passwords inside others. An access key is half a name: lines would lose the word wherever it stands.</summary>
    private static IEnumerable<string> SecretsIn(IConfiguration settings) =>
        from setting in settings.AsEnumerable()
        where setting.Value is not null && setting.Key.Contains(':', StringComparison.Ordinal)
        from secret in SecretName().IsMatch(setting.Key)
            ? [setting.Value]
            : Redaction.In(setting.Value)
        select secret;

    [GeneratedRegex("(?<!Access)Key$|(Password|Secret|Token)$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
