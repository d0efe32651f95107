using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Rookery.Api;
using Rookery.Media;
using Rookery.Posts;
using Rookery.Web.Visits;

namespace Rookery.Web.Posts;

/// <summary>The pictures that a form brings: those that it named, and those that it held, which are uploads now.</summary>
/// <param name="Problem">What kept one of them from being stored; the others are.</param>
internal sealed record TakenPictures(IReadOnlyList<MediaId> Media, Problem? Problem);

/// <summary>Takes the pictures, or the video, of the box to write in. What was stored once the next page names, so that it is not sent again.</summary>
internal sealed class TakePictures(
    FilesHere files,
    ReceiveUpload receive,
    UploadMedia upload,
    DescribeMedia find,
    IOptions<MediaOptions> media,
    IOptions<PostsOptions> posts
)
{
    /// <summary>Of one post; 0 where none are taken.</summary>
    public int Most => files.AreStored ? posts.Value.MaxMedia : 0;

    public static string FileField(int number) => $"file{number}";

    public static string TextField(int number) => $"alt{number}";

    /// <summary>The fields of a form that may hold files. They are received for members alone, whose places to upload are bounded, and kept no longer than the visit.</summary>
    /// <param name="textBytes">Of all fields beside the files.</param>
    public async Task<Result<Visit>> ReadAsync(Visit visit, int textBytes)
    {
        var context = visit.Context;
        if (visit.Me is not { } member || Most == 0 || !IsMultipart(context.Request))
        {
            return visit with { Fields = await RequestFields.ReadAsync(context) };
        }

        var opened = receive.Open(
            member.Id,
            ClientAddress.KeyOf(context.Connection.RemoteIpAddress),
            [.. Enumerable.Range(1, Most).Select(FileField)]
        );
        if (!opened.Succeeded)
        {
            return opened.Problem;
        }

        context.Response.RegisterForDisposeAsync(opened.Value);
        var sent = await UploadBody.ReadAsync(
            context,
            opened.Value,
            // A post has pictures, or one video.
            (int)
                Math.Min(
                    int.MaxValue,
                    textBytes + ((Most - 1L) * media.Value.MaxBytes) + media.Value.LargestBytes
                ),
            TimeSpan.FromSeconds(media.Value.UploadSeconds),
            textBytes
        );
        return sent.Succeeded
            ? visit with
            {
                Fields = RequestFields.Of(context, sent.Value),
                Files = opened.Value,
            }
            : sent.Problem;
    }

    public async Task<TakenPictures> HandleAsync(Visit visit)
    {
        var taken = visit.Fields.Media(HoldMedia.Field, posts.Value.MaxMedia).ToList();
        Problem? problem = null;
        for (var number = 1; number <= Most; number++)
        {
            // Browsers send a field without a file as an empty one.
            if (visit.Files?.Received(FileField(number)) is { Length: > 0 })
            {
                var stored = await StoreAsync(visit, number);
                if (stored.Succeeded)
                {
                    taken.Add(stored.Value.Id);
                }
                else
                {
                    problem ??= stored.Problem with
                    {
                        Detail = $"Picture {number}: {stored.Problem.Detail}",
                    };
                }
            }
        }

        return new TakenPictures(taken, problem);
    }

    /// <summary>Those of the uploads that are the member's, for the box that is shown again.</summary>
    public async Task<IReadOnlyList<Medium>> ShownAsync(Visit visit, IReadOnlyList<MediaId> ids)
    {
        var shown = new List<Medium>();
        foreach (var id in ids)
        {
            var found = await find.FindAsync(id, visit.Member.Id, visit.Gone);
            if (found.Succeeded)
            {
                shown.Add(found.Value);
            }
        }

        return shown;
    }

    private async Task<Result<Medium>> StoreAsync(Visit visit, int number)
    {
        var text = MediaText.Parse(
            visit.Text(TextField(number)),
            focus: null,
            blurhash: null,
            find.MaxDescription
        );
        return text.Succeeded
            ? await upload.HandleAsync(
                visit.Member.Id,
                visit.Files!,
                text.Value,
                visit.Gone,
                FileField(number)
            )
            : text.Problem;
    }

    private static bool IsMultipart(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);
}
