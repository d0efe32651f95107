using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Web.Layout;
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
    public static IServiceCollection AddWeb(this IServiceCollection services) =>
        services
            .AddSingleton<Cookies>()
            .AddSingleton<Visitors>()
            .AddSingleton<SiteRoutes>()
            .AddSingleton<Pages>()
            .AddSingleton(ErrorPages.Of)
            .AddSingleton<ShowEntries>()
            .AddSingleton<ReadEntries>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        var parts = routes.ServiceProvider;
        SiteFiles.All.Map(routes);
        Make<SessionPages>().Map(routes);
        Make<TimelinePages>().Map(routes);
        Make<PostPages>().Map(routes);
        Make<PostForms>().Map(routes);
        Make<ProfilePages>().Map(routes);
        Make<SearchPages>().Map(routes);
        Make<SettingsPages>().Map(routes);

        T Make<T>() => ActivatorUtilities.CreateInstance<T>(parts);
    }
}
