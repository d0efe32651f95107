using Rookery.Notifications;
using Rookery.Posts;
using Rookery.TestKit;

namespace Rookery.Tests.Notifications;

/// <summary>A few people who follow, post, like, pass on and take all that back at random, and beside them plain sets of what stands.</summary>
internal sealed class HistoryOfNotified
{
    private readonly List<ClassicClient> _people = [];
    private readonly HashSet<(AccountId Follower, AccountId Followee)> _follows = [];
    private readonly HashSet<(AccountId Follower, AccountId Followee)> _requests = [];
    private readonly HashSet<AccountId> _locked = [];
    private readonly HashSet<(AccountId By, PostId Post)> _likes = [];
    private readonly HashSet<(AccountId By, PostId Post)> _reposts = [];
    private readonly HashSet<(AccountId Reader, AccountId Author)> _rung = [];
    private readonly Dictionary<PostId, Written> _posts = [];

    /// <summary>Of follows that stand.</summary>
    public IReadOnlyList<Bell> Bells =>
        [
            .. _rung
                .Where(one => _follows.Contains((one.Reader, one.Author)))
                .Select(one => new Bell(one.Author, one.Reader)),
        ];

    public static async Task<HistoryOfNotified> PlayAsync(
        World world,
        Random random,
        int people,
        int steps,
        CancellationToken stop
    )
    {
        var history = new HistoryOfNotified();
        for (var i = 0; i < people; i++)
        {
            history._people.Add(await world.SignUpAsync($"p_{(char)('a' + i)}", stop));
        }

        for (var step = 0; step < steps; step++)
        {
            await history.StepAsync(world, random, stop);
        }

        return history;
    }

    /// <summary>All that should stand if every bell had been rung from the beginning.</summary>
    public IReadOnlyList<NotificationKey> Right() =>
        [
            .. _follows.Select(one => new NotificationKey(
                one.Followee,
                NotificationKind.Follow,
                one.Follower,
                default
            )),
            .. _requests.Select(one => new NotificationKey(
                one.Followee,
                NotificationKind.FollowRequest,
                one.Follower,
                default
            )),
            .. _likes.SelectMany(one => OfAct(NotificationKind.Like, one.By, one.Post)),
            .. _reposts.SelectMany(one => OfAct(NotificationKind.Repost, one.By, one.Post)),
            .. _posts.SelectMany(one => OfPost(one.Key, one.Value)),
        ];

    private IEnumerable<NotificationKey> OfAct(NotificationKind kind, AccountId by, PostId post)
    {
        if (_posts.TryGetValue(post, out var written) && written.Author != by)
        {
            yield return new(written.Author, kind, by, post);
        }
    }

    private IEnumerable<NotificationKey> OfPost(PostId id, Written post)
    {
        var told = new HashSet<AccountId> { post.Author };
        if (post.ToAuthor is { } parent && told.Add(parent))
        {
            yield return new(parent, NotificationKind.Reply, post.Author, id);
        }

        foreach (var named in post.Names.Where(told.Add))
        {
            yield return new(named, NotificationKind.Mention, post.Author, id);
        }

        if (post.ToAuthor is null || post.ToAuthor == post.Author)
        {
            foreach (var bell in Bells.Where(bell => bell.Author == post.Author))
            {
                if (!post.Names.Contains(bell.Reader))
                {
                    yield return new(bell.Reader, NotificationKind.Status, post.Author, id);
                }
            }
        }
    }

    private Task StepAsync(World world, Random random, CancellationToken stop)
    {
        var (me, other) = (One(random), One(random));
        var post = _posts.Count > 0 ? _posts.Keys.ElementAt(random.Next(_posts.Count)) : default;
        return random.Next(16) switch
        {
            11 when random.Next(2) == 0 => LockAsync(world, me, stop),
            12 or 13 => DecideAsync(world, me, random.Next(3) > 0, stop),
            14 => FollowAsync(me, other, stop),
            0 => FollowAsync(me, other, stop),
            1 when me != other => UnfollowAsync(me, other, stop),
            2 => RingAsync(world, me, other, stop),
            3 or 4 when _posts.Count > 0 => MarkAsync(me, "like", _likes, post, stop),
            5 when _posts.Count > 0 => UnmarkAsync(me, "unlike", _likes, post, stop),
            6 when _posts.Count > 0 => MarkAsync(me, "repost", _reposts, post, stop),
            7 when _posts.Count > 0 => UnmarkAsync(me, "unrepost", _reposts, post, stop),
            8 when _posts.Count > 3 => DeleteAsync(post, stop),
            9 when _posts.Count > 0 => PostAsync(me, random, post, stop),
            _ => PostAsync(me, random, null, stop),
        };
    }

    private ClassicClient One(Random random) => _people[random.Next(_people.Count)];

    private async Task FollowAsync(ClassicClient me, ClassicClient other, CancellationToken stop)
    {
        if (me != other)
        {
            (await me.RelateAsync("follow", other.Id, stop)).Require(200);
            Followed(me, other);
        }
    }

    private void Followed(ClassicClient me, ClassicClient other)
    {
        if (!_follows.Contains((me.Id, other.Id)))
        {
            (_locked.Contains(other.Id) ? _requests : _follows).Add((me.Id, other.Id));
        }
    }

    /// <summary>Or unlocks, and waits until who has asked follows.</summary>
    private async Task LockAsync(World world, ClassicClient me, CancellationToken stop)
    {
        var locked = !_locked.Contains(me.Id);
        (await me.EditProfileAsync(new { locked }, stop)).Require(200);
        if (locked)
        {
            _locked.Add(me.Id);
            return;
        }

        _locked.Remove(me.Id);
        await world.SettleAsync(stop);
        foreach (var asked in _requests.Where(one => one.Followee == me.Id).ToList())
        {
            _requests.Remove(asked);
            _follows.Add(asked);
        }
    }

    /// <summary>On all who have asked.</summary>
    private async Task DecideAsync(
        World world,
        ClassicClient me,
        bool isYes,
        CancellationToken stop
    )
    {
        var client = new NotifiedClient(world.Server.Http, me.Token);
        foreach (var asked in _requests.Where(one => one.Followee == me.Id).ToList())
        {
            var path = $"/api/v1/follow_requests/{asked.Follower}";
            (await client.PostAsync($"{path}/{(isYes ? "authorize" : "reject")}", stop)).Require(
                200
            );
            _requests.Remove(asked);
            if (isYes)
            {
                _follows.Add(asked);
            }
            else
            {
                _rung.Remove(asked);
            }
        }
    }

    private async Task UnfollowAsync(ClassicClient me, ClassicClient other, CancellationToken stop)
    {
        (await me.RelateAsync("unfollow", other.Id, stop)).Require(200);
        _follows.Remove((me.Id, other.Id));
        _requests.Remove((me.Id, other.Id));
        _rung.Remove((me.Id, other.Id));
    }

    private async Task RingAsync(
        World world,
        ClassicClient me,
        ClassicClient other,
        CancellationToken stop
    )
    {
        if (me != other)
        {
            var client = new NotifiedClient(world.Server.Http, me.Token);
            var path = $"/api/v1/accounts/{other.Id}/follow";
            (await client.PostAsync(path, stop, new { notify = true })).Require(200);
            Followed(me, other);
            _rung.Add((me.Id, other.Id));
        }
    }

    private static async Task MarkAsync(
        ClassicClient me,
        string act,
        HashSet<(AccountId, PostId)> marks,
        PostId post,
        CancellationToken stop
    )
    {
        (await me.MarkAsync(act, post, stop)).Require(200);
        marks.Add((me.Id, post));
    }

    private static async Task UnmarkAsync(
        ClassicClient me,
        string act,
        HashSet<(AccountId, PostId)> marks,
        PostId post,
        CancellationToken stop
    )
    {
        (await me.MarkAsync(act, post, stop)).Require(200);
        marks.Remove((me.Id, post));
    }

    private async Task DeleteAsync(PostId post, CancellationToken stop)
    {
        var author = _people.Single(one => one.Id == _posts[post].Author);
        (await author.DeleteAsync(post, stop)).Require(200);
        _posts.Remove(post);
    }

    private async Task PostAsync(
        ClassicClient me,
        Random random,
        PostId? parent,
        CancellationToken stop
    )
    {
        var named = _people.Where(_ => random.Next(4) == 0).ToList();
        var text = $"hello {string.Join(' ', named.Select(one => $"@{one.Username}"))}";
        var answer = await me.PostAsync(text, stop, Visibility.Public, parent);
        _posts[new PostId(answer.Require(201).Id("tweet_id"))] = new Written(
            me.Id,
            parent is { } answered ? _posts[answered].Author : null,
            [.. named.Select(one => one.Id).Where(one => one != me.Id)]
        );
    }

    private sealed record Written(
        AccountId Author,
        AccountId? ToAuthor,
        IReadOnlyList<AccountId> Names
    );
}
