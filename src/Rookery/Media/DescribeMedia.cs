using Microsoft.Extensions.Options;

namespace Rookery.Media;

/// <summary>Finds one's upload, and changes what is said about it.</summary>
internal sealed class DescribeMedia(IMediaStore store, IOptions<MediaOptions> options)
{
    public int MaxDescription => options.Value.MaxDescription;

    public async Task<Result<Medium>> FindAsync(
        MediaId id,
        AccountId owner,
        CancellationToken token
    ) => await store.FindAsync(id, owner, token) is { } medium ? medium : NoMedium(id);

    public async Task<Result<Medium>> HandleAsync(
        MediaId id,
        AccountId owner,
        MediaText text,
        CancellationToken token
    ) =>
        await store.DescribeAsync(id, owner, text.Description, text.Focus, token) is { } medium
            ? medium
            : NoMedium(id);

    /// <summary>Another's is none either: who may not see it is not told that it exists.</summary>
    public static Problem NoMedium(MediaId id) =>
        Problem.NotFound($"There is no medium {id}.", "id");
}
