using Microsoft.Extensions.Options;
using Rookery.Media;

namespace Rookery.Posts;

/// <summary>What a post is to have, as its uploads say now, which they say until <paramref name="Until"/>.</summary>
internal sealed record HeldMedia(IReadOnlyList<Attachment> Media, DateTimeOffset Until);

/// <summary>Holds the uploads that a post is to have: until it is stored nobody removes or changes them.</summary>
internal sealed class HoldMedia(IMedia media, IOptions<PostsOptions> options, TimeProvider time)
{
    /// <summary>What every API calls the media of a post.</summary>
    public const string Field = "media_ids";

    /// <summary>Many times what storing a post takes. Uploads whose post came to nothing are their owner's to remove again after it.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromMinutes(10);

    private static readonly HeldMedia _nothing = new([], default);

    public async ValueTask<Result<HeldMedia>> HandleAsync(
        AccountId owner,
        IReadOnlyList<MediaId> ids,
        CancellationToken token
    )
    {
        if (ids.Count == 0)
        {
            return _nothing;
        }

        if (Wrong(ids) is { } wrong)
        {
            return wrong;
        }

        var until = time.GetUtcNow() + Duration;
        var held = (
            await media.HoldAsync(owner, ids, MediaPurpose.Post, until, token)
        ).ToDictionary(one => one.Id);
        if (ids.Where(id => !held.ContainsKey(id)).ToList() is [var missing, ..])
        {
            return Problem.NotFound($"There is no medium {missing}.", Field);
        }

        // As every client has it: none shows a video among pictures.
        return
            ids.Count > 1 && ids.FirstOrDefault(id => held[id].Blob.IsVideo) is { Value: > 0 } video
            ? Problem.Invalid(
                Field,
                $"Medium {video} is a video, which must stand alone; {Field} names {ids.Count} media."
            )
            : new HeldMedia([.. ids.Select(id => Attachment.Of(held[id]))], until);
    }

    private Problem? Wrong(IReadOnlyList<MediaId> ids)
    {
        if (ids.Count > options.Value.MaxMedia)
        {
            return Problem.Invalid(
                Field,
                $"{Field} names {ids.Count} media; a post has at most {options.Value.MaxMedia}."
            );
        }

        var repeated = ids.GroupBy(id => id).FirstOrDefault(same => same.Count() > 1);
        return repeated is null
            ? null
            : Problem.Invalid(
                Field,
                $"{Field} names medium {repeated.Key} more than once; each is named once."
            );
    }
}
