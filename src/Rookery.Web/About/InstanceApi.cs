using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Rookery.Api;
using Rookery.Api.Mastodon;
using Rookery.Notifications.Push;
using Rookery.Web.Languages;

namespace Rookery.Web.About;

/// <summary>What the site is and what it takes, for programs: clients of Mastodon ask for this before anything else, and so do those that count servers.</summary>
internal sealed class InstanceApi(
    CountMembers members,
    DescribeInstance describe,
    VapidKeys keys,
    IOptions<SiteOptions> options
)
{
    private const string Discovery = "http://nodeinfo.diaspora.software/ns/schema/";

    private static readonly string[] NodeInfoVersions = ["2.0", "2.1"];

    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities
            .CreateInstance<InstanceApi>(
                routes.ServiceProvider,
                ActivatorUtilities.CreateInstance<DescribeInstance>(routes.ServiceProvider)
            )
            .MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes)
    {
        Get("/api/v2/instance", "What the site is and what it takes", describe.Write);
        Get("/api/v1/instance", "The same, as older programs read it", describe.WriteOld);
        Get(
            "/api/v1/instance/rules",
            "The rules of the place",
            (json, asked) => DescribeInstance.WriteRules(json, asked.Rules)
        );
        Get("/.well-known/nodeinfo", "Where the description of the server is", WriteNodeInfoLinks);
        foreach (var version in NodeInfoVersions)
        {
            Get(
                $"/nodeinfo/{version}",
                "What the server runs and how many use it",
                (json, asked) => WriteNodeInfo(json, asked, version)
            );
        }

        void Get(string path, string summary, Action<Utf8JsonWriter, AskedInstance> write) =>
            routes.MapMastodon(
                HttpMethods.Get,
                path,
                context => AnswerAsync(context, write),
                new RouteDoc(summary, AuthKind.None) { Answers = [new(200, "As it is now")] }
            );
    }

    private async Task<Problem?> AnswerAsync(
        HttpContext context,
        Action<Utf8JsonWriter, AskedInstance> write
    )
    {
        var totals = await members.HandleAsync(context.RequestAborted);
        if (!totals.Succeeded)
        {
            return totals.Problem;
        }

        var say = ChosenLanguage.Of(context);
        context.Response.Headers.Append("Vary", ChosenLanguage.DependsOn);
        return await context.AnswerValueAsync(
            StatusCodes.Status200OK,
            new AskedInstance(
                context.Request.Host.Value ?? "",
                SiteAddress.OfPages(context.Request),
                options.Value,
                say,
                AboutPages.RulesIn(options.Value, say),
                totals.Value,
                await PushKeyAsync(context.RequestAborted)
            ),
            write
        );
    }

    /// <summary>Empty where it cannot be read now: the rest is known all the same.</summary>
    private async ValueTask<string> PushKeyAsync(CancellationToken token)
    {
        try
        {
            return (await keys.GetAsync(token)).PublicKey;
        }
        catch (StoreUnavailableException)
        {
            return "";
        }
    }

    private static void WriteNodeInfoLinks(Utf8JsonWriter json, AskedInstance asked)
    {
        json.WriteStartObject();
        json.WriteStartArray("links");
        foreach (var version in NodeInfoVersions)
        {
            json.WriteStartObject();
            json.WriteString("rel", Discovery + version);
            json.WriteString("href", $"{asked.Origin}/nodeinfo/{version}");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteNodeInfo(Utf8JsonWriter json, AskedInstance asked, string version)
    {
        json.WriteStartObject();
        json.WriteString("version", version);
        json.WriteStartObject("software");
        json.WriteString("name", "rookery");
        json.WriteString("version", DescribeInstance.OwnVersion);
        json.WriteEndObject();
        // It speaks with no other server.
        json.WriteEmptyArray("protocols");
        json.WriteStartObject("services");
        json.WriteEmptyArray("inbound");
        json.WriteEmptyArray("outbound");
        json.WriteEndObject();
        json.WriteBoolean("openRegistrations", true);
        json.WriteStartObject("usage");
        json.WriteStartObject("users");
        json.WriteNumber("total", asked.Totals.Accounts);
        json.WriteNumber("activeMonth", asked.Totals.Lately);
        json.WriteEndObject();
        json.WriteNumber("localPosts", asked.Totals.Posts);
        json.WriteEndObject();
        json.WriteStartObject("metadata");
        json.WriteString("nodeName", asked.Site.Name);
        json.WriteString("nodeDescription", asked.Site.DescriptionIn(asked.Say));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
