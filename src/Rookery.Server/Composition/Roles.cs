using Rookery.Accounts;
using Rookery.Adapters.Http;
using Rookery.Api;
using Rookery.Api.Classic;
using Rookery.Api.Internal;
using Rookery.Api.Mastodon;
using Rookery.Api.Service;
using Rookery.Graph;
using Rookery.Live;
using Rookery.Mail;
using Rookery.Media;
using Rookery.Notifications;
using Rookery.Notifications.Push;
using Rookery.Posts;
using Rookery.Search;
using Rookery.Timelines;
using Rookery.Verification;
using Rookery.Web;

namespace Rookery.Server.Composition;

/// <summary>What one role serves and runs, and whose doors it asks.</summary>
/// <param name="MapEndpoints">The routes for programs. They can be declared in any process, for its document.</param>
internal sealed record Role(
    string Name,
    IReadOnlyList<string> Needs,
    Action<IEndpointRouteBuilder> MapEndpoints
)
{
    /// <summary>Endpoints for people, of which no document tells programs.</summary>
    public Action<IEndpointRouteBuilder> MapPages { get; init; } = _ => { };

    /// <summary>What acts on events behind the requests.</summary>
    public IReadOnlyList<Type> Consumers { get; init; } = [];

    /// <summary>Roles whose use cases it calls itself, on their tables: asking them through a door is not enough.</summary>
    public IReadOnlyList<string> ActsIn { get; init; } = [];

    /// <summary>What runs by itself. Loops that every process needs, whatever its roles, are not among them.</summary>
    public IReadOnlyList<Type> Loops { get; init; } = [];
}

/// <summary>THE table of which endpoints, consumers and loops each role runs.</summary>
internal static class Roles
{
    /// <summary>The role of the pages for browsers, and of what members tell moderators.</summary>
    public const string Site = "web";

    /// <summary>The role of uploads and their files.</summary>
    public const string Media = "media";

    public static IReadOnlyList<Role> All { get; } =
    [
        new(
            "accounts",
            [],
            routes =>
            {
                AccountsServiceApi.Map(routes);
                SessionsClassicApi.Map(routes);
                AccountsClassicApi.Map(routes);
                ProfileMastodonApi.Map(routes);
                PreferencesMastodonApi.Map(routes);
                AccountsMastodonApi.Map(routes);
                EmailsMastodonApi.Map(routes);
                EmailsClassicApi.Map(routes);
                AccountsInternalApi.Map(routes);
            }
        )
        {
            Consumers = [typeof(CountThings), typeof(CloseElsewhere)],
            Loops = [typeof(PruneSessions), typeof(SendMails)],
        },
        new(
            "graph",
            ["accounts"],
            routes =>
            {
                GraphServiceApi.Map(routes);
                GraphClassicApi.Map(routes);
                GraphMastodonApi.Map(routes);
                FollowRequestsMastodonApi.Map(routes);
            }
        )
        {
            Consumers = [typeof(CloseMember), typeof(SettleRequests)],
        },
        new(
            "posts",
            ["accounts"],
            routes =>
            {
                PostsServiceApi.Map(routes);
                PostsClassicApi.Map(routes);
                PostsInternalApi.Map(routes);
            }
        )
        {
            Consumers =
            [
                typeof(CountMarks),
                typeof(RemoveTracesOfDeleted),
                typeof(RemovePostsOfDeleted),
                typeof(SuspendAuthor),
            ],
            Loops = [typeof(RepairCounters)],
        },
        new("fanout", ["graph", "posts"], _ => { })
        {
            Consumers = [typeof(FanOut)],
            Loops = [typeof(GuardTimelines)],
        },
        new(
            "timelines",
            ["accounts", "graph", "posts"],
            routes =>
            {
                TimelinesServiceApi.Map(routes);
                TimelinesClassicApi.Map(routes);
                StreamingMastodonApi.Map(routes);
                TimelinesMastodonApi.Map(routes);
            }
        )
        {
            Loops = [typeof(RunLive)],
        },
        new(
            "search",
            ["accounts", "graph", "posts"],
            routes =>
            {
                SearchClassicApi.Map(routes);
                SearchMastodonApi.Map(routes);
                SearchInternalApi.Map(routes);
            }
        )
        {
            Loops = [typeof(IndexPosts), typeof(KeepIndex), typeof(FollowCounts)],
        },
        new(
            Media,
            ["accounts"],
            routes =>
            {
                MediaMastodonApi.Map(routes);
                MediaFilesApi.Map(routes);
            }
        )
        {
            Consumers = [typeof(RemoveMediaOfDeleted)],
            Loops = [typeof(SweepMedia)],
        },
        new(
            "notifications",
            ["accounts", "graph", "posts"],
            routes =>
            {
                NotificationsMastodonApi.Map(routes);
                GroupsMastodonApi.Map(routes);
                MarkersMastodonApi.Map(routes);
                PushMastodonApi.Map(routes);
            }
        )
        {
            Consumers = [typeof(NotifyOnEvents), typeof(RingBells), typeof(EndSubscriptions)],
            Loops = [typeof(SendPushes), typeof(PlanNotificationMails)],
        },
        new(
            Site,
            [],
            routes =>
            {
                ReportsMastodonApi.Map(routes);
                WebModule.MapDocuments(routes);
            }
        )
        {
            MapPages = WebModule.Map,
            ActsIn = ["accounts", "graph", "posts", "timelines", "notifications"],
        },
    ];

    public static IEnumerable<string> Names => All.Select(role => role.Name);

    /// <summary>The named roles, all of them for null.</summary>
    public static Result<List<Role>> Parse(string? list)
    {
        if (list is null)
        {
            return All.ToList();
        }

        var names = list.Split(
            ',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        if (names.Except(Names).FirstOrDefault() is { } unknown)
        {
            return Problem.Invalid(
                "roles",
                $"There is no role {unknown}; the roles are {string.Join(", ", Names)}."
            );
        }

        var chosen = All.Where(role => names.Contains(role.Name)).ToList();
        return chosen.Count > 0
            ? chosen
            : Problem.Invalid("roles", $"Name at least one of {string.Join(", ", Names)}.");
    }
}
