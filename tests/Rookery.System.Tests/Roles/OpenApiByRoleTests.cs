using Rookery.Server.OpenApi;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Roles;

/// <summary>A client asks a balancer for the document, and gets it from whichever role is asked.</summary>
public sealed class OpenApiByRoleTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_role_has_the_same_document_as_the_program_that_runs_them_all()
    {
        var servers = (await TestContext.Current.GetFixture<SharedServers>())!;
        var settings = new Dictionary<string, string?>(World.FastSettings)
        {
            ["Databases:Default"] = await (await servers.PostgresAsync()).CreateDatabaseAsync(Stop),
            ["Databases:Readers"] = "1",
            ["Service:Key"] = "the same key for all roles",
        };
        var whole = await DocumentAsync(settings, null);
        Assert.Contains("\"/users/{id}\"", whole, StringComparison.Ordinal);
        Assert.Contains("\"/api/v1/reports\"", whole, StringComparison.Ordinal);

        foreach (var role in Server.Composition.Roles.Names)
        {
            Assert.Equal(whole, await DocumentAsync(settings, role));
        }
    }

    private static async Task<string> DocumentAsync(
        Dictionary<string, string?> settings,
        string? role
    )
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerInProcess.StartAsync(
            folder.Path,
            settings,
            Stop,
            roles: role
        );
        return await server.Http.GetStringAsync(OpenApiModule.Path, Stop);
    }
}
