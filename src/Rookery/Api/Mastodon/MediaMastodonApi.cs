using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rookery.Media;

namespace Rookery.Api.Mastodon;

/// <summary>Uploading pictures and videos, and saying what is on them.</summary>
internal sealed class MediaMastodonApi(
    Callers callers,
    ReceiveUpload receive,
    UploadMedia upload,
    DescribeMedia describe,
    RemoveMedia remove,
    SiteAddress site,
    IOptions<MediaOptions> options
)
{
    /// <summary>Boundaries, headers of the parts, and the other fields.</summary>
    private const int RoomForFields = 64 * 1024;

    private static readonly FieldDoc Token = new(
        "auth_token",
        FieldType.Text,
        FieldPlace.Query,
        "The token, unless it stands in the Authorization header.",
        false,
        1,
        Callers.LongestToken
    );

    private static readonly FieldDoc File = new(
        "file",
        FieldType.File,
        FieldPlace.Body,
        "A picture (JPEG, PNG, GIF or WebP) or a video (MP4 or WebM). What it says about its maker is removed."
    );

    private static readonly FieldDoc Still = new(
        "thumbnail",
        FieldType.File,
        FieldPlace.Body,
        "A still picture of a video, which is shown until it plays.",
        false
    );

    private static readonly FieldDoc Focus = new(
        "focus",
        FieldType.Text,
        FieldPlace.Body,
        "What is to be seen when it is cropped: two numbers from -1 to 1, `x,y`, from the centre.",
        false,
        0,
        40
    );

    private static readonly FieldDoc Hash = new(
        "blurhash",
        FieldType.Text,
        FieldPlace.Body,
        "A BlurHash of it, to show while it loads.",
        false,
        0,
        Blurhash.MaxLength
    );

    private static readonly FieldDoc Id = new(
        "id",
        FieldType.Id,
        FieldPlace.Path,
        "Which of one's uploads."
    );

    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities.CreateInstance<MediaMastodonApi>(routes.ServiceProvider).MapAll(routes);

    private int MaxBodyBytes =>
        (int)
            Math.Min(
                int.MaxValue,
                options.Value.LargestBytes + (long)options.Value.MaxBytes + RoomForFields
            );

    private FieldDoc Description =>
        new(
            "description",
            FieldType.Text,
            FieldPlace.Body,
            "What is on it, for those who do not see it.",
            false,
            0,
            describe.MaxDescription
        );

    private void MapAll(IEndpointRouteBuilder routes)
    {
        foreach (var path in (string[])["/api/v2/media", "/api/v1/media"])
        {
            routes.MapMastodon(
                "POST",
                path,
                UploadAsync,
                new RouteDoc("Upload a picture or a video", AuthKind.Token)
                {
                    Fields = [MastodonRoutes.Token, Token, File, Still, Description, Focus, Hash],
                    Answers =
                    [
                        new(200, "It, ready", MediaEntity.Example),
                        new(403, "The account's uploads take all the room that they may"),
                        new(408, "The file did not arrive in time"),
                        new(413, "The file is too large"),
                        new(503, "Nothing can be stored right now"),
                    ],
                    MaxBodyBytes = MaxBodyBytes,
                }
            );
        }

        const string One = "/api/v1/media/{id}";
        routes.MapMastodon("GET", One, GetAsync, Doc("One's upload", Token, Id));
        routes.MapMastodon(
            "PUT",
            One,
            DescribeAsync,
            Doc(
                "Say something else about it, before it is posted",
                Token,
                Id,
                Description,
                Focus,
                Hash
            )
        );
        routes.MapMastodon(
            "DELETE",
            One,
            DeleteAsync,
            Doc("Remove one's upload, before it is posted", Token, Id) with
            {
                Answers = [new(200, "It is gone", "{}"), new(404, "There is none")],
            }
        );
    }

    private static RouteDoc Doc(string summary, params IReadOnlyList<FieldDoc> fields) =>
        new(summary, AuthKind.Token)
        {
            Fields = [MastodonRoutes.Token, .. fields],
            Answers = [new(200, "The upload", MediaEntity.Example), new(404, "There is none")],
        };

    private async Task<Problem?> UploadAsync(HttpContext context)
    {
        // Whose it is must be known before it is received, and hold when it is stored.
        var query = RequestFields.OfQuery(context);
        var caller = await callers.RequireAsync(context, query);
        if (!caller.Succeeded)
        {
            return caller.Problem;
        }

        var opened = receive.Open(
            caller.Value,
            ClientAddress.KeyOf(context.Connection.RemoteIpAddress),
            File.Name,
            Still.Name
        );
        if (!opened.Succeeded)
        {
            return opened.Problem;
        }

        await using var place = opened.Value;
        var sent = await UploadBody.ReadAsync(
            context,
            place,
            MaxBodyBytes,
            TimeSpan.FromSeconds(options.Value.UploadSeconds)
        );
        if (!sent.Succeeded)
        {
            return sent.Problem;
        }

        if (await callers.RefuseEndedAsync(context, query) is { } ended)
        {
            return ended;
        }

        var fields = RequestFields.Of(context, sent.Value);
        if (fields.Sent(Still.Name).Kind != FieldKind.Absent)
        {
            fields.Refuse(Still.Name, "must be a picture, as a file in multipart/form-data");
        }

        var text = TextOf(fields);
        if (!text.Succeeded)
        {
            return text.Problem;
        }

        var token = context.RequestAborted;
        var stored = await upload.HandleAsync(
            caller.Value,
            place,
            text.Value,
            token,
            stillField: Still.Name
        );
        return await AnswerAsync(context, stored);
    }

    private async Task<Problem?> GetAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var caller = await callers.RequireAsync(context, fields);
        var id = fields.PathMedium("id");
        return caller.Problem
            ?? fields.Problem
            ?? await AnswerAsync(
                context,
                await describe.FindAsync(id, caller.Value, context.RequestAborted)
            );
    }

    private async Task<Problem?> DescribeAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        var id = fields.PathMedium("id");
        var text = TextOf(fields);
        return caller.Problem
            ?? text.Problem
            ?? await AnswerAsync(
                context,
                await describe.HandleAsync(id, caller.Value, text.Value, context.RequestAborted)
            );
    }

    private async Task<Problem?> DeleteAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        var id = fields.PathMedium("id");
        return caller.Problem
            ?? fields.Problem
            ?? await context.AnswerEmptyAsync(
                await remove.HandleAsync(id, caller.Value, context.RequestAborted)
            );
    }

    private Result<MediaText> TextOf(RequestFields fields)
    {
        var (description, focus, blurhash) = (
            fields.OptionalText("description", min: 0),
            fields.OptionalText("focus", max: (int)Focus.Max!, min: 0),
            fields.OptionalText("blurhash", max: (int)Hash.Max!, min: 0)
        );
        return fields.Problem is { } wrong
            ? wrong
            : MediaText.Parse(description, focus, blurhash, describe.MaxDescription);
    }

    private Task<Problem?> AnswerAsync(HttpContext context, Result<Medium> medium)
    {
        var here = MastodonSite.Of(site, context.Request);
        return context.AnswerAsync(
            200,
            medium,
            (json, found) => MediaEntity.Write(json, found, here)
        );
    }
}
