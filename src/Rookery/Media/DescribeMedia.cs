using Microsoft.Extensions.Options;

namespace Rookery.Media;

/// <summary>Finds one's upload, and changes what is said about it.</summary>
internal sealed class DescribeMedia(
    IMediaStore store,
    FreeMedia free,
    IOptions<MediaOptions> options
)
{
    public int MaxDescription => options.Value.MaxDescription;

    public async Task<Result<Medium>> FindAsync(
        MediaId id,
        AccountId owner,
        CancellationToken token
    ) => await store.FindAsync(id, owner, token) is { } medium ? medium : NoMedium(id);

    /// <summary>Of what is on a post nothing is changed: the post has what was said when it was posted.</summary>
    public async Task<Result<Medium>> HandleAsync(
        MediaId id,
        AccountId owner,
        MediaText text,
        CancellationToken token
    )
    {
        if (await store.FindAsync(id, owner, token) is null)
        {
            return NoMedium(id);
        }

        var changed = await free.ActAsync(
            id,
            at => store.DescribeAsync(id, owner, text, at, token),
            token
        );
        return changed is not null ? changed : FreeMedia.InUse(id);
    }

    /// <summary>Another's is none either: who may not see it is not told that it exists.</summary>
    public static Problem NoMedium(MediaId id) =>
        Problem.NotFound($"There is no medium {id}.", "id");
}
