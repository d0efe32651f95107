using Rookery.Posts;
using Xunit;

namespace Rookery.Contract.Tests.Posts;

/// <summary>What posts warn of.</summary>
public abstract partial class PostStoreContract
{
    [Theory]
    [InlineData("Á \U0001F577 \"spiders\" 'many' %s", true)]
    [InlineData("", true)]
    public async Task A_post_has_its_warning_wherever_it_is_read(string warning, bool isSensitive)
    {
        var draft = Draft(_ana, key: Key("k", 1), text: "eight legs") with
        {
            Warning = warning,
            IsSensitive = isSensitive,
        };
        var stored = (await Store.AcceptAsync(draft, Token)).Value.Post;
        Warns(stored);
        var reply = await PostAsync(_bob, parent: stored.Id);
        var repost = await PostAsync(_bob, original: stored.Id);
        await ReopenAsync();

        foreach (var post in await Store.GetManyAsync(new[] { stored.Id, reply, repost }, Token))
        {
            var isIt = post.Id == stored.Id;
            Assert.Equal(
                (isIt ? warning : "", isIt && isSensitive),
                (post.Warning, post.IsSensitive)
            );
        }

        Warns(Assert.Single(await Store.AllAboveAsync(new PostId(stored.Id.Value - 1), 1, Token)));
        Warns((await Store.AcceptAsync(draft, Token)).Value.Post);
        await Store.DeleteAsync(stored.Id, _ana, Token);
        await ReopenAsync();
        var repeated = (await Store.AcceptAsync(draft, Token)).Value;
        Assert.True(repeated.Repeated);
        Warns(repeated.Post);

        void Warns(Post post) =>
            Assert.Equal((warning, isSensitive), (post.Warning, post.IsSensitive));
    }
}
