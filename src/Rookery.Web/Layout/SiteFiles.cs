using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rookery.Web.Languages;
using Rookery.Web.Visits;

namespace Rookery.Web.Layout;

/// <summary>The files of the site, in memory. Their names are made of their content, so a browser that has one never asks again.</summary>
internal sealed partial class SiteFiles
{
    private const string Root = "/assets/";
    private const string Forever = "public, max-age=31536000, immutable";

    /// <summary>Their names stay when they change.</summary>
    private const string ForADay = "public, max-age=86400";

    /// <summary>The parts of the script, in their order: each uses what stands above it.</summary>
    private static readonly string[] ScriptParts =
    [
        "page.js",
        "times.js",
        "send.js",
        "acts.js",
        "delete.js",
        "count.js",
        "blurhash.js",
        "upload.js",
        "pictures.js",
        "drafts.js",
        "compose.js",
        "mentions.js",
        "scroll.js",
        "told.js",
        "arrivals.js",
        "listen.js",
        "keys.js",
        "zone.js",
    ];

    private readonly Dictionary<string, SiteFile> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Words, string> _scripts = [];

    /// <summary>Under the names that browsers ask for without being told.</summary>
    private static readonly (string Path, string Name)[] ByCustom =
    [
        ("/favicon.ico", "favicon.ico"),
        ("/apple-touch-icon.png", "rook-180.png"),
        ("/apple-touch-icon-precomposed.png", "rook-180.png"),
    ];

    private SiteFiles()
    {
        Style = Add("site.css", "text/css; charset=utf-8");
        Icon = Add("rook.svg", "image/svg+xml");
        foreach (var say in Words.All)
        {
            _scripts.Add(
                say,
                Add($"site.{say.Code}.js", "text/javascript; charset=utf-8", JoinScript(say))
            );
        }

        PushScript = Add("push.js", "text/javascript; charset=utf-8");
        Picture = Add("rook-192.png", "image/png");
        LargePicture = Add("rook-512.png", "image/png");
    }

    public static SiteFiles All { get; } = new();

    /// <summary>The path of the stylesheet.</summary>
    public string Style { get; }

    /// <summary>The path of the site's sign.</summary>
    public string Icon { get; }

    /// <summary>The path of the script, without which the pages do all the same. It brings its words with it, in one language.</summary>
    public string ScriptIn(Words say) => _scripts[say];

    /// <summary>The path of what subscribes a browser to pushes, for the page where that is done.</summary>
    public string PushScript { get; }

    /// <summary>The sign as a picture of 192 pixels, filled to its edges.</summary>
    public string Picture { get; }

    /// <summary>The same of 512 pixels.</summary>
    public string LargePicture { get; }

    public void Map(IEndpointRouteBuilder routes)
    {
        SiteRoutes.Document(routes, Root + "{file}", "A file of the site", AnswerAsync);
        // A worker is of all pages below where it is, and browsers ask for a new one by themselves.
        var worker = FileOf("text/javascript; charset=utf-8", Read("sw.js"));
        SiteRoutes.Document(
            routes,
            "/sw.js",
            "Shows what is pushed to a browser",
            visit => SendAsync(visit.Context, worker, "no-cache")
        );
        foreach (var (path, name) in ByCustom)
        {
            var file = FileOf(
                path.EndsWith(".ico", StringComparison.Ordinal) ? "image/x-icon" : "image/png",
                Read(name)
            );
            SiteRoutes.Document(
                routes,
                path,
                "The site's sign",
                visit => SendAsync(visit.Context, file, ForADay)
            );
        }
    }

    private async Task<Problem?> AnswerAsync(Visit visit) =>
        _byName.TryGetValue(visit.Fields.PathText("file"), out var file)
            ? await SendAsync(visit.Context, file, Forever)
            : Problem.NotFound("There is no such file; pages of another version named it.");

    private static async Task<Problem?> SendAsync(HttpContext context, SiteFile file, string kept)
    {
        context.Response.Headers.CacheControl = kept;
        context.Response.ContentType = file.ContentType;
        await ContentCoding.SendAsync(context, file.Content);
        return null;
    }

    /// <summary>One script in one scope of its own, so that its parts share names and the page has none of them.</summary>
    private static byte[] JoinScript(Words say) =>
        Encoding.UTF8.GetBytes(
            $"\"use strict\";\n{{\nconst words = {ScriptWords.Of(say)};\n{string.Concat(ScriptParts.Select(part => Spare(Read(part))))}}}\n"
        );

    /// <summary>
    /// Without what only its writers read: no line of the parts but one of a comment begins so, no text goes over several lines, no comment stands behind code, and every statement ends with its
    /// sign. What has a text with places or a pattern in it stays as it is.
    /// </summary>
    private static string Spare(byte[] script) =>
        string.Concat(
            Encoding
                .UTF8.GetString(script)
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Where(line => !line.StartsWith("//", StringComparison.Ordinal))
                .Where(line => !line.StartsWith("/**", StringComparison.Ordinal))
                .Where(line => line[0] != '*')
                .Select(line => line.AsSpan().ContainsAny('`', '/') ? line : Close(line))
                .Select(line => line[^1] is ';' or ',' or '{' or '}' ? line : line + "\n")
        );

    private static string Close(string line) =>
        Spaced().Replace(line, part => part.Groups["text"].Value + part.Groups["sign"].Value);

    /// <summary>A text, or a sign with the spaces around it. Of + and - two may follow each other.</summary>
    [GeneratedRegex(
        """(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')| *(?<sign>[=<>!&|?:,(){}\[\];*]) *"""
    )]
    private static partial Regex Spaced();

    private string Add(string name, string contentType, byte[] content)
    {
        var file = FileOf(contentType, content);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content))[..12];
        var hashed = $"{Path.GetFileNameWithoutExtension(name)}.{hash}{Path.GetExtension(name)}";
        _byName.Add(hashed, file);
        return Root + hashed;
    }

    private string Add(string name, string contentType) => Add(name, contentType, Read(name));

    private static byte[] Read(string name)
    {
        using var stream =
            typeof(SiteFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the program.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static SiteFile FileOf(string contentType, byte[] content)
    {
        var isPicture = contentType is "image/png" or "image/x-icon";
        return new SiteFile(contentType, new ContentCoding.Packed(content, isText: !isPicture));
    }

    private sealed record SiteFile(string ContentType, ContentCoding.Packed Content);
}
