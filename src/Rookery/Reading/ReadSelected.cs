using Rookery.Posts;

namespace Rookery.Reading;

/// <summary>Reads of a list what somebody asks for of it: replies left out, or those with media alone.</summary>
internal sealed class ReadSelected(ReadTimeline read, IPosts posts)
{
    /// <summary>Stretches of a list of which nothing is shown that one page looks through: a list of replies alone costs a bounded number of reads.</summary>
    private const int MostStretches = 10;

    /// <summary>Of a list what <paramref name="isShown"/> says and the viewer may see; where it goes on, if the page ended for want of looking.</summary>
    public async ValueTask<PostId?> HandleAsync(
        PostList list,
        Func<Post, bool> isShown,
        AccountId? viewer,
        Page page,
        TimelinePage into,
        CancellationToken token
    )
    {
        var sight = await read.ContextAsync(viewer, token);
        var stretches = 0;
        return await read.FoundAsync(FindAsync, sight, page, into, token, mutesHide: false);

        async ValueTask<FoundStretch> FindAsync(Page stretch, CancellationToken stop)
        {
            if (
                list is PostList.ByAuthor(var author, _)
                && VisibilityRules.IsBlocked(sight.Hidden, author)
            )
            {
                // Every entry would be taken away again.
                return new FoundStretch([]);
            }

            var ids = await posts.ListAsync(list, stretch, stop);
            var shown = (await posts.GetManyAsync(ids.ToArray(), stop))
                .Where(isShown)
                .Select(post => post.Id)
                .ToHashSet();
            var goesOn = ids.Count == stretch.Count;
            return new FoundStretch(
                [.. ids.Where(shown.Contains)],
                !goesOn ? null
                    : stretch.FromBelow ? ids[0]
                    : ids[^1],
                IsLast: goesOn && ++stretches == MostStretches
            );
        }
    }
}
