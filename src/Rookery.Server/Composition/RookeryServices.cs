using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Api.Mastodon;
using Rookery.Api.Service;
using Rookery.Delivery;
using Rookery.Graph;
using Rookery.Live;
using Rookery.Mail;
using Rookery.Media;
using Rookery.Moderation;
using Rookery.Notifications;
using Rookery.Notifications.Push;
using Rookery.Posts;
using Rookery.Reading;
using Rookery.Search;
using Rookery.Server.Commands.Running;
using Rookery.Server.OpenApi;
using Rookery.Sharing;
using Rookery.Telemetry;
using Rookery.Timelines;
using Rookery.Verification;
using Rookery.Web;

namespace Rookery.Server.Composition;

/// <summary>The whole product: capabilities, stores, loops and APIs.</summary>
internal static class RookeryServices
{
    public static IServiceCollection AddRookery(
        this IServiceCollection services,
        DataFolder folder,
        IReadOnlyList<Role> roles,
        bool dev
    ) =>
        services
            .AddSingleton(TimeProvider.System)
            .AddSingleton<AccountOrdinals>()
            .AddTelemetry()
            .AddSingleton(
                new EventTypes([
                    .. AccountEvents.Types,
                    .. GraphEvents.Types,
                    .. PostEvents.Types,
                    .. NotificationEvents.Types,
                    .. ReportEvents.Types,
                ])
            )
            .AddStores(folder)
            .AddDatabases(roles)
            .AddMail()
            .AddAccounts()
            .AddGraph()
            .AddPosts()
            .AddDelivery()
            .AddTimelines()
            .AddFanOut()
            .AddReading()
            .AddLive()
            .AddSharing()
            .AddSearch(folder.Search)
            .AddMedia(folder.Incoming)
            .AddModeration()
            .AddNotifications()
            .AddFilesHere(roles)
            .AddVerification()
            .AddRoles(roles)
            .AddCommands()
            .AddApis(folder, dev)
            .AddRookeryOpenApi([
                .. Composition.Roles.All.Except(roles).Select(role => role.MapEndpoints),
            ])
            .AddSite(roles);

    /// <summary>Without its role there are no pages, and what goes wrong is told in JSON to everybody.</summary>
    private static IServiceCollection AddSite(
        this IServiceCollection services,
        IReadOnlyList<Role> roles
    ) => roles.Any(role => role.Name == Composition.Roles.Site) ? services.AddWeb() : services;

    private static IServiceCollection AddFilesHere(
        this IServiceCollection services,
        IReadOnlyList<Role> roles
    ) =>
        services.AddSingleton(provider => new FilesHere(
            roles.Any(role => role.Name == Composition.Roles.Media)
                || Doors.ReachFiles(provider.GetRequiredService<IConfiguration>())
        ));

    /// <summary>
    /// Connects what is kept in memory with the commits; called before the first write. What settings or parts have against a start is thrown here:
    /// a host that meets it while it starts cannot be stopped any more.
    /// </summary>
    public static void Prepare(this IServiceProvider services)
    {
        services.GetRequiredService<IStartupValidator>().Validate();
        Databases.Connect(services);
        _ = services.GetRequiredService<IEnumerable<IHostedService>>();
    }

    private static IServiceCollection AddApis(
        this IServiceCollection services,
        DataFolder folder,
        bool dev
    )
    {
        services
            .AddSingleton<ChangeProfile>()
            .AddOptions<RequestLimitsOptions>()
            .BindConfiguration(RequestLimitsOptions.Section)
            .ValidateAnnotations(RequestLimitsOptions.Section)
            .ValidateOnStart();
        services
            .AddOptions<ProxiesOptions>()
            .BindConfiguration(ProxiesOptions.Section)
            .ValidateAnnotations(ProxiesOptions.Section)
            .ValidateOnStart();
        return services
            .AddSingleton(provider => new ServiceKey(
                ServiceKeyFile.ReadOrMake(
                    provider.GetRequiredService<IConfiguration>()["Service:Key"],
                    folder.ServiceKey
                )
            ))
            .AddSingleton(provider => new PushSecret(
                provider.GetRequiredService<ServiceKey>().Value
            ))
            .AddSingleton(provider => new ServiceAccess(
                provider.GetRequiredService<ServiceKey>(),
                dev
            ))
            .AddSingleton<RequestLimits>()
            .AddSingleton<Freshness>()
            .AddSingleton<BodyBudget>()
            .AddSingleton<Callers>()
            .AddSingleton<SiteAddress>()
            .AddSingleton<ReadFound>()
            .AddSingleton<GatherStatuses>()
            .AddSingleton<GatherNotified>()
            .AddSingleton<AnswerRelationship>()
            .AddSingleton<ReadTold>()
            .AddSingleton<ReadNotifications>()
            .AddSingleton<ReadGroups>()
            .AddSingleton<WriteNotified>()
            .AddSingleton<ReplayMissed>()
            .Configure<RouteOptions>(options =>
                options.SetParameterPolicy<NoActConstraint>(NoActConstraint.Name)
            );
    }
}
