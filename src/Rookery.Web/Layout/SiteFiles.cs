using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rookery.Api;

namespace Rookery.Web.Layout;

/// <summary>The files of the site, in memory. Their names are made of their content, so a browser that has one never asks again.</summary>
internal sealed class SiteFiles
{
    private const string Root = "/assets/";
    private const string Forever = "public, max-age=31536000, immutable";

    private readonly Dictionary<string, SiteFile> _byName = new(StringComparer.Ordinal);

    private SiteFiles()
    {
        Style = Add("site.css", "text/css; charset=utf-8");
        Icon = Add("rook.svg", "image/svg+xml");
    }

    public static SiteFiles All { get; } = new();

    /// <summary>The path of the stylesheet.</summary>
    public string Style { get; }

    /// <summary>The path of the site's sign.</summary>
    public string Icon { get; }

    public void Map(IEndpointRouteBuilder routes) =>
        Endpoints
            .Map(
                routes,
                HttpMethods.Get,
                Root + "{file}",
                AnswerAsync,
                new RouteDoc("A file of the site", AuthKind.None) { Tag = Visits.SiteRoutes.Tag }
            )
            .Add(endpoint => endpoint.Metadata.Add(new ExcludeFromDescriptionAttribute()));

    private async Task<Problem?> AnswerAsync(HttpContext context)
    {
        SecurityHeaders.Put(context.Response);
        if (
            context.Request.RouteValues["file"] is not string name
            || !_byName.TryGetValue(name, out var file)
        )
        {
            return Problem.NotFound("There is no such file; pages of another version named it.");
        }

        var response = context.Response;
        response.Headers.CacheControl = Forever;
        response.ContentType = file.ContentType;
        response.ContentLength = file.Content.Length;
        await response.BodyWriter.WriteAsync(file.Content, context.RequestAborted);
        return null;
    }

    private string Add(string name, string contentType)
    {
        using var stream =
            typeof(SiteFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the program.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content))[..12];
        var hashed = $"{Path.GetFileNameWithoutExtension(name)}.{hash}{Path.GetExtension(name)}";
        _byName.Add(hashed, new SiteFile(contentType, content));
        return Root + hashed;
    }

    private sealed record SiteFile(string ContentType, byte[] Content);
}
