using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Docs;

/// <summary>The balancer's configuration against the routes that roles map.</summary>
public sealed partial class BalancerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_goes_to_the_role_that_has_it()
    {
        var rules = new BalancerRules();
        Assert.True(rules.Count > 0);
        using var folder = new TemporaryFolder();
        await using var server = await ServerInProcess.StartAsync(
            folder.Path,
            World.FastSettings,
            Stop
        );
        var wrong = new List<string>();
        foreach (var role in Server.Composition.Roles.All)
        {
            var routes = new Routes(server.Services);
            role.MapEndpoints(routes);
            role.MapPages(routes);
            foreach (var (method, path) in routes.All().Where(IsForClients))
            {
                wrong.AddRange(
                    SpellingsOf(path)
                        .Where(spelling => rules.BackendOf(method, spelling) != role.Name)
                        .Select(spelling =>
                            $"{method} {spelling} goes to {rules.BackendOf(method, spelling)} and is {role.Name}'s"
                        )
                );
            }
        }

        Assert.Empty(wrong);
    }

    /// <summary>Routes take all of these for the same.</summary>
    private static IEnumerable<string> SpellingsOf(string path) =>
        [
            path,
            path.ToUpperInvariant(),
            path.TrimEnd('/') + "/",
            path.Length > 1 ? $"/%{(int)path[1]:x2}{path[2..]}" : path,
        ];

    private static bool IsForClients((string Method, string Path) route) =>
        !route.Path.StartsWith("/internal/", StringComparison.Ordinal);

    /// <summary>Collects what is mapped, and serves nothing.</summary>
    private sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);

        public IEnumerable<(string Method, string Path)> All() =>
            from endpoint in DataSources
                .SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>()
            from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
            select (method, Parameter().Replace(endpoint.RoutePattern.RawText!, "1"));
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
