using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Rookery.Api;
using Rookery.Web.About;
using Rookery.Web.Layout;
using Rookery.Web.Visits;

namespace Rookery.Web.Crawlers;

/// <summary>What the site is, for programs: what search engines are asked to leave alone, and how browsers install it like an app.</summary>
internal sealed class SiteDocuments(IOptions<SiteOptions> options)
{
    private const string ForAnHour = "public, max-age=3600";

    /// <summary>Pages for one person, forms, and what is made anew for each question.</summary>
    private static readonly string[] NotForCrawlers =
    [
        "/api/",
        "/home",
        "/language",
        "/login",
        "/moderation",
        "/notifications",
        "/posts/",
        "/search",
        "/settings",
        "/signup",
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        SiteRoutes.Document(
            routes,
            "/robots.txt",
            "What search engines are asked to leave alone",
            RobotsAsync
        );
        SiteRoutes.Document(
            routes,
            "/manifest.webmanifest",
            "How browsers install the site like an app",
            ManifestAsync
        );
    }

    private Task<Problem?> RobotsAsync(Visit visit)
    {
        var text = new StringBuilder("User-agent: *\n");
        if (options.Value.MayBeIndexed)
        {
            foreach (var path in NotForCrawlers)
            {
                text.Append("Disallow: ").Append(path).Append('\n');
            }

            text.Append("\nSitemap: ")
                .Append(SiteAddress.OfPages(visit.Context.Request))
                .Append(SitemapPages.Index)
                .Append('\n');
        }
        else
        {
            text.Append("Disallow: /\n");
        }

        return PublicDocument.SendAsync(
            visit.Context,
            "text/plain; charset=utf-8",
            Encoding.UTF8.GetBytes(text.ToString()),
            ForAnHour
        );
    }

    private Task<Problem?> ManifestAsync(Visit visit)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("name", options.Value.Name);
            json.WriteString("short_name", options.Value.Name);
            json.WriteString("description", options.Value.Description);
            json.WriteString("id", "/");
            json.WriteString("start_url", SiteRoutes.Home);
            json.WriteString("scope", "/");
            json.WriteString("display", "standalone");
            json.WriteString("background_color", "#f6f5f1");
            json.WriteString("theme_color", "#2f4a7a");
            json.WriteStartArray("icons");
            Icon(json, SiteFiles.All.Picture, "192x192");
            Icon(json, SiteFiles.All.LargePicture, "512x512");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return PublicDocument.SendAsync(
            visit.Context,
            "application/manifest+json; charset=utf-8",
            text.WrittenSpan.ToArray(),
            ForAnHour
        );
    }

    /// <summary>Filled to the edges, the bird within the circle that every system leaves of it.</summary>
    private static void Icon(Utf8JsonWriter json, string path, string size)
    {
        json.WriteStartObject();
        json.WriteString("src", path);
        json.WriteString("sizes", size);
        json.WriteString("type", "image/png");
        json.WriteString("purpose", "any maskable");
        json.WriteEndObject();
    }
}
