using Rookery.Posts;

namespace Rookery.Verification;

/// <summary>The hashtags under which public posts are found, against their texts.</summary>
internal sealed class CheckHashtags(IDerivedTables tables) : ICheck
{
    private const int Batch = 1_000;

    public string Name => "hashtags of posts";

    public async Task<CheckReport> RunAsync(bool repair, CancellationToken token)
    {
        var tally = new CheckTally(Name);
        await ComparePostsAsync(tally, repair, token);
        await CompareStraysAsync(tally, repair, token);
        return tally.Report();
    }

    private async Task ComparePostsAsync(CheckTally tally, bool repair, CancellationToken token)
    {
        var posts = await tables.IndexedPostsAfterAsync(default, Batch, token);
        while (posts.Count > 0)
        {
            tally.Compared += posts.Count;
            foreach (var post in posts)
            {
                var right = HashtagsOf(post);
                if (!right.ToHashSet().SetEquals(post.Hashtags))
                {
                    tally.Differs(
                        $"post {post.Id} stands under [{string.Join(' ', post.Hashtags)}], its text says [{string.Join(' ', right)}]"
                    );
                    tally.Repaired += await RepairAsync(post.Id, right, repair, token);
                }
            }

            posts = await tables.IndexedPostsAfterAsync(posts[^1].Id, Batch, token);
        }
    }

    private async Task CompareStraysAsync(CheckTally tally, bool repair, CancellationToken token)
    {
        foreach (var (hashtag, post) in await tables.StrayHashtagsAsync(int.MaxValue, token))
        {
            tally.Differs($"post {post} stands under {hashtag} and is deleted");
            tally.Repaired += await RepairAsync(post, [], repair, token);
        }
    }

    private async Task<int> RepairAsync(
        PostId post,
        IReadOnlyList<string> right,
        bool repair,
        CancellationToken token
    )
    {
        if (repair)
        {
            await tables.ReindexAsync(post, right, token);
        }

        return repair ? 1 : 0;
    }

    // Imported texts may be longer than new ones, so no limit is applied here.
    private static IReadOnlyList<string> HashtagsOf(IndexedPost post)
    {
        if (post.Visibility != Visibility.Public || post.Text.Length == 0)
        {
            return [];
        }

        var text = PostText.Create(post.Text, "text", int.MaxValue);
        return text.Succeeded ? text.Value.Hashtags : [];
    }
}
