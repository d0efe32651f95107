using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Adapters.Disk;
using Rookery.Adapters.InProcess;
using Rookery.Adapters.Memcached;
using Rookery.Adapters.Memory;
using Rookery.Adapters.RabbitMq;
using Rookery.Adapters.Redis;
using Rookery.Adapters.S3;
using Rookery.Adapters.Smtp;
using Rookery.Adapters.Sql;
using Rookery.Adapters.WebPush;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Mail;
using Rookery.Media;
using Rookery.Moderation;
using Rookery.Notifications;
using Rookery.Notifications.Push;
using Rookery.Posts;
using Rookery.Sharing;
using Rookery.Timelines;
using Rookery.Verification;

namespace Rookery.Server.Composition;

/// <summary>A row of the table: which adapter serves a port.</summary>
/// <param name="Capability">Whose database it stands on; null: on none, or on several.</param>
/// <param name="Where">The setting where the other engine is; where it is set, this row takes the place of those before it.</param>
internal sealed record Served(
    Type Port,
    Type Adapter,
    string? Capability = null,
    string? Where = null
);

/// <summary>THE table of which adapter serves which port.</summary>
internal static class Stores
{
    public static IReadOnlyList<Served> Table { get; } =
    [
        new(typeof(IAccountStore), typeof(SqlAccountStore), "accounts"),
        new(typeof(IAccountCountStore), typeof(SqlAccountCountStore), "accounts"),
        new(typeof(IEmailStore), typeof(SqlEmailStore), "accounts"),
        new(typeof(IModerationStore), typeof(SqlModerationStore), "accounts"),
        new(typeof(IPostingDefaultsStore), typeof(SqlPostingDefaultsStore), "accounts"),
        new(typeof(IReportStore), typeof(SqlReportStore), "accounts"),
        new(typeof(IGraphStore), typeof(SqlGraphStore), "graph"),
        new(typeof(IPostStore), typeof(SqlPostStore), "posts"),
        new(typeof(INotificationStore), typeof(SqlNotificationStore), "notifications"),
        new(typeof(IBellStore), typeof(SqlBellStore), "notifications"),
        new(typeof(IReaderStore), typeof(SqlReaderStore), "notifications"),
        new(typeof(IPushStore), typeof(SqlPushStore), "notifications"),
        new(typeof(IPushSender), typeof(HttpPushSender)),
        new(typeof(IPushSender), typeof(FolderPushSender), Where: "Push:Folder"),
        new(typeof(INotificationMailStore), typeof(SqlNotificationMailStore), "notifications"),
        new(typeof(IOutboxStore), typeof(SqlOutboxStore)),
        new(typeof(IEventBus), typeof(ChannelBus)),
        new(typeof(IEventBus), typeof(RabbitMqBus), Where: "RabbitMq:Uri"),
        new(typeof(ITimelineStore), typeof(MemoryTimelineStore)),
        new(typeof(ITimelineStore), typeof(RedisTimelineStore), Where: "Redis:Nodes"),
        new(typeof(IPostponedParts), typeof(SqlPostponedParts), "posts"),
        new(typeof(IRateLimits), typeof(MemoryRateLimits)),
        new(typeof(IRateLimits), typeof(RedisRateLimits), Where: "Redis:Nodes"),
        new(typeof(ISharedCache), typeof(NoSharedCache)),
        new(typeof(ISharedCache), typeof(MemcachedSharedCache), Where: "Memcached:Nodes"),
        new(typeof(IDerivedTables), typeof(SqlDerivedTables)),
        new(typeof(IMediaStore), typeof(SqlMediaStore), "media"),
        new(typeof(IMailStore), typeof(SqlMailStore), "mail"),
        new(typeof(IMailSender), typeof(FolderMailSender)),
        new(typeof(IMailSender), typeof(SmtpMailSender), Where: "Mail:Smtp"),
        new(typeof(IBlobStore), typeof(DiskBlobStore)),
        new(typeof(IBlobStore), typeof(S3BlobStore), Where: "S3:Endpoint"),
    ];

    /// <summary>One row for each port: what these settings choose.</summary>
    public static IEnumerable<Served> Chosen(IConfiguration settings) =>
        Table
            .Where(row => row.Where is null || !string.IsNullOrEmpty(settings[row.Where]))
            .GroupBy(row => row.Port)
            .Select(rows => rows.Last());

    public static IServiceCollection AddStores(this IServiceCollection services, DataFolder folder)
    {
        services
            .AddOptions<SqlOptions>()
            .BindConfiguration(SqlOptions.Section)
            .ValidateAnnotations(SqlOptions.Section)
            .ValidateOnStart();
        services.AddSingleton(provider =>
            SqlDatabases.Open(
                folder.Database,
                provider.GetRequiredService<IOptions<SqlOptions>>().Value,
                provider.GetRequiredService<EventTypes>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>()
            )
        );
        services
            .AddOptions<RabbitMqOptions>()
            .BindConfiguration(RabbitMqOptions.Section)
            .ValidateAnnotations(RabbitMqOptions.Section)
            .ValidateOnStart();
        // One of each for each database; see Databases.
        Type[] ofDatabases = [typeof(IOutboxStore), typeof(IEventBus)];
        foreach (var port in Table.Select(row => row.Port).Except(ofDatabases).Distinct())
        {
            services.AddSingleton(port, provider => Make(port, provider));
        }

        services.AddRedis().AddMemcached().AddBlobs(folder);
        services.AddSingleton(new MailFolder(folder.Mail));

        services.AddSingleton<IAccountTally>(provider => new SqlPostTally(
            provider.GetRequiredService<SqlDatabases>().Posts
        ));
        services.AddSingleton<IAccountTally>(provider => new SqlFollowTally(
            provider.GetRequiredService<SqlDatabases>().Graph
        ));
        return services;
    }

    /// <param name="parts">What the adapter needs that the provider has not.</param>
    public static object Make(Type port, IServiceProvider provider, params object[] parts)
    {
        var settings = provider.GetRequiredService<IConfiguration>();
        var row = Chosen(settings).Single(row => row.Port == port);
        return ActivatorUtilities.CreateInstance(
            provider,
            row.Adapter,
            row.Capability is { } capability
                ? [.. parts, provider.GetRequiredService<SqlDatabases>().Of(capability)]
                : parts
        );
    }
}
