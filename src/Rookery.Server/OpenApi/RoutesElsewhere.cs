namespace Rookery.Server.OpenApi;

/// <summary>
/// The routes of the roles that other processes run. A client behind a balancer sees one server and gets one document of it, whichever process answers; what a
/// route is, its declaration says, and not whether it is served here.
/// </summary>
internal sealed class RoutesElsewhere(
    IServiceProvider services,
    IReadOnlyList<Action<IEndpointRouteBuilder>> roles
)
{
    /// <summary>Declared, and served by nothing in this process.</summary>
    public IEnumerable<RouteEndpoint> All()
    {
        var routes = new Declared(services);
        foreach (var declare in roles)
        {
            declare(routes);
        }

        return routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();
    }

    private sealed class Declared(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
