using Rookery.Accounts;
using Rookery.Posts;

namespace Rookery.Media;

/// <summary>Finds out which uploads are free: on no post and no profile, and held for none. Those that are on one are taken for good, so that nobody asks about them again.</summary>
internal sealed class FreeMedia(IMediaStore store, IPosts posts, IProfilePictures profiles)
{
    /// <summary>Before all holds. What has never been held is on no post.</summary>
    public static readonly DateTimeOffset BeforeHolds = Snowflake.Epoch;

    public static Problem InUse(MediaId id) =>
        Problem.Invalid(
            "id",
            $"Medium {id} is on a post, or being posted right now, so it stays as it is. Delete the post, and its media go with it."
        );

    /// <summary>Takes those that are on posts or profiles, and answers as of when: of the others those are free that no hold keeps at that time.</summary>
    public async Task<DateTimeOffset> TakeAttachedAsync(
        IReadOnlyList<MediaId> media,
        CancellationToken token
    )
    {
        var (attached, posted) = await posts.AttachedAsync(media.ToArray(), token);
        var (shown, profiled) = await profiles.ShownAsync(media.ToArray(), token);
        if (attached.Count + shown.Count > 0)
        {
            await store.TakeAsync([.. attached, .. shown], token);
        }

        // Whose clock is behind knows the least: what that one says of the other's media is true at any time.
        return posted < profiled ? posted : profiled;
    }

    /// <summary>Does to a medium what is only done to a free one; null where it is not. Posts are asked only where one has held it.</summary>
    /// <param name="act">Does it where the medium is free as of a time, and answers null where it is not.</param>
    public async Task<T?> ActAsync<T>(
        MediaId medium,
        Func<DateTimeOffset, Task<T?>> act,
        CancellationToken token
    )
        where T : class =>
        await act(BeforeHolds) ?? await act(await TakeAttachedAsync([medium], token));
}
