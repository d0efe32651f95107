using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Web.About;
using Rookery.Web.Crawlers;
using Rookery.Web.Feeds;
using Rookery.Web.Languages;
using Rookery.Web.Layout;
using Rookery.Web.Mails;
using Rookery.Web.Moderation;
using Rookery.Web.Notifications;
using Rookery.Web.Posts;
using Rookery.Web.Profiles;
using Rookery.Web.Searching;
using Rookery.Web.Sessions;
using Rookery.Web.Settings;
using Rookery.Web.Timelines;
using Rookery.Web.Visits;

namespace Rookery.Web;

/// <summary>The site: pages for browsers.</summary>
internal static class WebModule
{
    /// <summary>Needs to know of its <see cref="Media.FilesHere"/>.</summary>
    public static IServiceCollection AddWeb(this IServiceCollection services)
    {
        services
            .AddOptions<SiteOptions>()
            .BindConfiguration(SiteOptions.Section)
            .ValidateAnnotations(SiteOptions.Section)
            .ValidateOnStart();
        return services
            .AddSingleton<TakePictures>()
            .AddSingleton<Cookies>()
            .AddSingleton<Visitors>()
            .AddSingleton<SiteRoutes>()
            .AddSingleton<Pages>()
            .AddSingleton(ErrorPages.Of)
            .AddSingleton<RenderCards>()
            .AddSingleton<ShowEntries>()
            .AddSingleton<ReadEntries>()
            .AddSingleton<CountUnread>()
            .AddSingleton<ReadAnswers>();
    }

    /// <summary>What the site is, for programs.</summary>
    public static void MapDocuments(IEndpointRouteBuilder routes) => InstanceApi.Map(routes);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var parts = routes.ServiceProvider;
        SiteFiles.All.Map(routes);
        Make<SessionPages>().Map(routes);
        Make<PasswordPages>().Map(routes);
        Make<MailPages>().Map(routes);
        Make<TimelinePages>().Map(routes);
        Make<CountNew>().Map(routes);
        Make<PostPages>().Map(routes);
        Make<PostForms>().Map(routes);
        Make<ProfilePages>().Map(routes);
        Make<RelationForms>().Map(routes);
        Make<FeedPages>().Map(routes);
        Make<NotificationPages>().Map(routes);
        Make<CountTold>().Map(routes);
        Make<FollowRequestPages>().Map(routes);
        Make<ChoiceForm>().Map(routes);
        Make<PushPages>().Map(routes);
        Make<MailedPages>().Map(routes);
        Make<SearchPages>().Map(routes);
        Make<ProposeNames>().Map(routes);
        Make<SettingsPages>().Map(routes);
        Make<EmailPages>().Map(routes);
        Make<SessionForms>().Map(routes);
        Make<HiddenPages>().Map(routes);
        Make<ExportPages>().Map(routes);
        Make<ReportPages>().Map(routes);
        Make<ModerationPages>().Map(routes);
        Make<ModeratedPages>().Map(routes);
        Make<ServerPages>().Map(routes);
        Make<LanguagePages>().Map(routes);
        Make<AboutPages>().Map(routes);
        Make<SitemapPages>().Map(routes);
        Make<SiteDocuments>().Map(routes);

        T Make<T>() => ActivatorUtilities.CreateInstance<T>(parts);
    }
}
