using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Server.Composition;
using Rookery.Server.OpenApi;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Api;

public sealed class OpenApiTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_document_tells_every_route_and_nothing_else()
    {
        await using var host = await ApiHost.StartAsync(MapAll);

        Assert.Empty(RouteTable.Differences(host.Routes, await DocumentAsync(host)));
    }

    [Fact]
    public async Task A_route_without_a_description_is_found()
    {
        await using var host = await ApiHost.StartAsync(routes =>
        {
            MapAll(routes);
            routes.MapGet("/secret/{id:long}", (long id) => id);
        });

        Assert.Equal(
            ["GET /secret/{id} is mapped but not described."],
            RouteTable.Differences(host.Routes, await DocumentAsync(host))
        );
    }

    [Fact]
    public async Task An_operation_tells_fields_answers_and_who_may_call()
    {
        await using var host = await ApiHost.StartAsync(MapAll);
        var document = await DocumentAsync(host);
        var create = document.GetProperty("paths").GetProperty("/users").GetProperty("post");
        var read = document.GetProperty("paths").GetProperty("/users/{id}").GetProperty("get");

        Assert.StartsWith(
            "3.1",
            document.GetProperty("openapi").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal("Create an account", create.GetProperty("summary").GetString());
        Assert.True(create.GetProperty("security")[0].TryGetProperty("serviceKey", out _));
        Assert.False(read.TryGetProperty("security", out var open) && open.GetArrayLength() > 0);
        var body = create
            .GetProperty("requestBody")
            .GetProperty("content")
            .GetProperty("application/json")
            .GetProperty("schema");
        Assert.Equal("name", body.GetProperty("required")[0].GetString());
        Assert.Equal(
            50,
            body.GetProperty("properties").GetProperty("name").GetProperty("maxLength").GetInt32()
        );
        Assert.Equal(
            ["201", "400", "401", "429", "default"],
            create.GetProperty("responses").EnumerateObject().Select(one => one.Name)
        );
        var id = read.GetProperty("parameters")[0];
        Assert.Equal("path", id.GetProperty("in").GetString());
        Assert.True(id.GetProperty("required").GetBoolean());
        Assert.Equal(2, id.GetProperty("schema").GetProperty("type").GetArrayLength());
        Assert.Equal(
            ["serviceKey", "token"],
            document
                .GetProperty("components")
                .GetProperty("securitySchemes")
                .EnumerateObject()
                .Select(one => one.Name)
                .Order()
        );
    }

    [Fact]
    public async Task The_document_is_made_once()
    {
        var made = 0;
        await using var host = await ApiHost.StartAsync(
            MapAll,
            services =>
                services.Configure<OpenApiOptions>(
                    OpenApiModule.DocumentName,
                    options =>
                        options.AddDocumentTransformer(
                            (_, _, _) =>
                            {
                                Interlocked.Increment(ref made);
                                return Task.CompletedTask;
                            }
                        )
                )
        );

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => DocumentAsync(host)));

        Assert.Equal(1, made);
    }

    [Fact]
    public async Task The_document_of_the_whole_server_tells_every_route_and_nothing_else()
    {
        var folder = Directory.CreateTempSubdirectory("rookery-openapi-");
        try
        {
            var started = await RookeryServer.StartAsync(
                new(folder.FullName, "http://127.0.0.1:0"),
                Token
            );
            await using var server = started.Value;
            using var client = new HttpClient { BaseAddress = server.Address };
            var document = JsonElement.Parse(
                await client.GetStringAsync(OpenApiModule.Path, Token)
            );

            var routes = server.Services.GetRequiredService<EndpointDataSource>();
            Assert.Empty(RouteTable.Differences(routes, document));
            // The site's pages are for people.
            var hidden = RouteTable.Hidden(routes);
            Assert.Equal([ControlApi.Path], hidden.Except(RouteTable.OfSite(routes)));
            Assert.Empty(RouteTable.OfSite(routes).Except(hidden));
            Assert.True(
                document.GetProperty("paths").TryGetProperty("/api/v1/home_timeline", out _)
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void MapAll(IEndpointRouteBuilder routes)
    {
        ExampleApi.Map(routes);
        routes.MapRookeryOpenApi();
    }

    private static async Task<JsonElement> DocumentAsync(ApiHost host) =>
        JsonElement.Parse(await host.Client.GetStringAsync(OpenApiModule.Path, Token));
}
