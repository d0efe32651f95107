using System.Collections.Concurrent;
using Rookery.Posts;
using Rookery.TestKit;

namespace Rookery.SystemTests.Histories;

/// <summary>Plays one history on a server of its own and on the oracle, and compares the two as it goes.</summary>
internal sealed partial class HistoryRun : IAsyncDisposable
{
    private const int MostPeople = 8;
    private const int FirstPeople = 5;
    private const int PostsOfBurst = 4;

    private readonly World _world;
    private readonly Strategy _strategy;
    private readonly Oracle _oracle = new();
    private readonly List<ClassicClient> _people = [];
    private readonly List<ClassicClient> _suspended = [];
    private readonly HistoryChecks _checks;
    private readonly CancellationToken _stop;
    private PostId _newest;
    private int _signedUp;
    private int _texts;

    private HistoryRun(World world, Strategy strategy, CancellationToken stop)
    {
        (_world, _strategy, _stop) = (world, strategy, stop);
        _checks = new HistoryChecks(_oracle, strategy, stop);
    }

    public static async Task PlayAsync(
        IReadOnlyList<Step> steps,
        Strategy strategy,
        CancellationToken stop
    )
    {
        await (strategy.Wipe?.Invoke(stop) ?? Task.CompletedTask);
        var world = strategy.Start is { } start
            ? await World.EmptyAsync(start, stop, strategy.Settings)
            : await World.EmptyAsync(stop, strategy.Settings);
        await using var run = new HistoryRun(world, strategy, stop);
        await run.BeginAsync();
        foreach (var step in steps)
        {
            await run.PlayAsync(step);
            await world.Server.HearAsync(stop);
        }

        await run.EndAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    /// <summary>Everybody follows the first: with two followers more than a small author has.</summary>
    private async Task BeginAsync()
    {
        while (_people.Count < FirstPeople)
        {
            await SignUpAsync();
        }

        foreach (var fan in _people.Skip(1))
        {
            (await fan.RelateAsync("follow", _people[0].Id, _stop)).Require(200);
            _oracle.Follow(fan.Id, _people[0].Id);
        }
    }

    private async Task EndAsync()
    {
        await _world.SettleAsync(_stop);
        await _checks.AllAsync(_world.Server, _people, userTimelines: true);
        await _checks.VerifyAsync(_world.Server);
        await ForgetAsync();
        await _checks.AllAsync(_world.Server, _people, userTimelines: false);
    }

    private Task PlayAsync(Step step)
    {
        var who = _people[step.Who % _people.Count];
        var whom = _people[step.Whom % _people.Count];
        return step.Act switch
        {
            Act.SignUp => _signedUp < MostPeople ? SignUpAsync() : Task.CompletedTask,
            Act.Follow => FollowAsync(who, whom),
            Act.Unfollow => UnfollowAsync(who, whom),
            Act.Block => RelateAsync("block", who, whom, _oracle.Block, who, whom),
            Act.Unblock => RelateAsync("unblock", who, whom, _oracle.Unblock),
            Act.Mute => RelateAsync("mute", who, whom, _oracle.Mute, who),
            Act.Unmute => RelateAsync("unmute", who, whom, _oracle.Unmute),
            Act.Post => PostAsync(who, whom, VisibilityOf(step.Detail), null),
            Act.Flood => FloodAsync(who, 12 + (step.Detail % 12)),
            Act.Reply => OnPostAsync(step, post => ReplyAsync(who, whom, post, step.Detail)),
            Act.Repost => OnPostAsync(step, post => RepostAsync(who, post)),
            Act.Unrepost => OnPostAsync(step, post => UnrepostAsync(who, post)),
            Act.Like => OnPostAsync(step, post => LikeAsync(who, post)),
            Act.Unlike => OnPostAsync(step, post => UnlikeAsync(who, post)),
            Act.DeletePost => OnPostAsync(step, DeletePostAsync),
            Act.Purge => PurgeAsync(who, 10 + (step.Detail % 12)),
            Act.DeleteAccount => DeleteAccountAsync(who),
            Act.Suspend => SuspendAsync(who),
            Act.Lift => LiftAsync(step.Which),
            Act.ReadPages => ReadPagesAsync(who, step),
            Act.Burst => BurstAsync(step),
            Act.Wipe => ForgetAsync(),
            Act.Restart => RestartAsync(),
            Act.Settle => SettleAsync(),
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        };
    }

    private async Task ForgetAsync()
    {
        await _world.Server.ForgetAsync(_stop);
        await (_strategy.Wipe?.Invoke(_stop) ?? Task.CompletedTask);
    }

    private async Task SignUpAsync()
    {
        var person = await _world.SignUpAsync($"person_{(char)('a' + _signedUp++)}", _stop);
        _people.Add(person);
        _oracle.SignUp(person.Id);
    }

    private async Task FollowAsync(ClassicClient who, ClassicClient whom)
    {
        var answer = await who.RelateAsync("follow", whom.Id, _stop);
        if (who.Id == whom.Id || _oracle.IsBlocked(who.Id, whom.Id))
        {
            Promise.Keep(
                answer.Status is 400 or 403 or 404,
                Promise.TheAnswerIsRight,
                () => $"{who.Username} followed {whom.Username}: {answer}"
            );
            return;
        }

        answer.Require(200);
        _oracle.Follow(who.Id, whom.Id);
        if (_strategy.IsCurrent)
        {
            await _checks.HomeNowAsync(who);
        }
    }

    private async Task UnfollowAsync(ClassicClient who, ClassicClient whom)
    {
        if (who.Id != whom.Id)
        {
            await RelateAsync("unfollow", who, whom, _oracle.Unfollow, who);
        }
    }

    /// <param name="narrowed">Whose reads must show the act from now on.</param>
    private async Task RelateAsync(
        string act,
        ClassicClient who,
        ClassicClient whom,
        Action<AccountId, AccountId> note,
        params ClassicClient[] narrowed
    )
    {
        if (who.Id == whom.Id)
        {
            return;
        }

        (await who.RelateAsync(act, whom.Id, _stop)).Require(200);
        note(who.Id, whom.Id);
        foreach (var viewer in narrowed)
        {
            await _checks.HomeNowAsync(viewer);
        }
    }

    private async Task PostAsync(
        ClassicClient who,
        ClassicClient mentioned,
        Visibility visibility,
        OraclePost? parent
    )
    {
        var warning = _texts % 3 == 0 ? $"warning {_texts}" : "";
        var text = $"text {_texts++} for @{mentioned.Username}";
        var answer = await who.PostAsync(text, _stop, visibility, parent?.Id, warning: warning);
        if (parent is not null && !_oracle.Sees(who.Id, parent))
        {
            answer.Require(404);
            return;
        }

        var id = new PostId(answer.Require(201).Id("tweet_id"));
        Note(
            new OraclePost(
                id,
                who.Id,
                visibility,
                text,
                mentioned.Id == who.Id ? [] : [mentioned.Id],
                parent?.Id ?? default
            )
            {
                Warning = warning,
            }
        );
    }

    /// <summary>Acknowledged one after the other, so ids must grow.</summary>
    private void Note(OraclePost post)
    {
        Promise.Keep(
            post.Id > _newest,
            Promise.IdsGrowWithCommits,
            () => $"{post.Id} was given after {_newest}"
        );
        _newest = post.Id;
        _oracle.Post(post);
    }

    /// <summary>More posts than a head starts with, at once.</summary>
    private async Task FloodAsync(ClassicClient who, int count)
    {
        var posts = await Task.WhenAll(
            Enumerable.Range(0, count).Select(_ => PostConcurrentlyAsync(who))
        );
        NoteAll(posts);
    }

    private async Task<OraclePost> PostConcurrentlyAsync(ClassicClient who)
    {
        var text = $"text {Interlocked.Increment(ref _texts)}";
        var answer = await who.PostAsync(text, _stop);
        var id = new PostId(answer.Require(201).Id("tweet_id"));
        return new OraclePost(id, who.Id, Visibility.Public, text, []);
    }

    private void NoteAll(IEnumerable<OraclePost> posts)
    {
        foreach (var post in posts.OrderBy(post => post.Id))
        {
            Note(post);
        }
    }

    private Task OnPostAsync(Step step, Func<OraclePost, Task> act)
    {
        var posts = _oracle.Posts.ToList();
        return posts.Count == 0 ? Task.CompletedTask : act(posts[step.Which % posts.Count]);
    }

    private OraclePost Written(OraclePost post) =>
        post.Original.Value == 0 ? post : _oracle.Find(post.Original)!;

    private Task ReplyAsync(ClassicClient who, ClassicClient whom, OraclePost post, int detail) =>
        PostAsync(who, whom, VisibilityOf(detail), Written(post));

    private async Task RepostAsync(ClassicClient who, OraclePost post)
    {
        var original = Written(post);
        var answer = await who.MarkAsync("repost", post.Id, _stop);
        if (!_oracle.Sees(who.Id, original))
        {
            answer.Require(404);
            return;
        }

        if (
            original.Visibility == Visibility.Direct
            || (original.Visibility == Visibility.Followers && original.Author != who.Id)
        )
        {
            answer.Require(403);
            return;
        }

        answer.Require(200);
        if (_oracle.RepostOf(who.Id, original.Id) is null)
        {
            await NoteRepostAsync(who, original);
        }
    }

    /// <summary>The answer shows the post; the repost's own id is the newest of the account's timeline.</summary>
    private async Task NoteRepostAsync(ClassicClient who, OraclePost original)
    {
        await _world.Server.HearAsync(_stop);
        var newest = await who.UserTimelineAsync(who.Id, new Page(1), _stop);
        Promise.Keep(
            newest.Count == 1 && newest[0].Original == original.Id,
            Promise.UserTimelineIsTheOracles,
            () => $"{who.Username} reposted {original.Id}; the newest of the timeline is another"
        );
        Note(
            new OraclePost(
                newest[0].Id,
                who.Id,
                original.Visibility,
                original.Text,
                [],
                default,
                original.Id
            )
            {
                Warning = original.Warning,
            }
        );
    }

    private async Task UnrepostAsync(ClassicClient who, OraclePost post)
    {
        var original = Written(post);
        var answer = await who.MarkAsync("unrepost", post.Id, _stop);
        if (!_oracle.Sees(who.Id, original))
        {
            answer.Require(404);
            return;
        }

        answer.Require(200);
        if (_oracle.RepostOf(who.Id, original.Id) is { } repost)
        {
            _oracle.Delete(repost.Id);
            await _checks.HomesNowAsync(_people);
        }
    }

    private Task LikeAsync(ClassicClient who, OraclePost post) =>
        MarkAsync("like", who, Written(post), _oracle.Like);

    private Task UnlikeAsync(ClassicClient who, OraclePost post) =>
        MarkAsync("unlike", who, Written(post), _oracle.Unlike);

    private async Task MarkAsync(
        string act,
        ClassicClient who,
        OraclePost post,
        Action<AccountId, PostId> note
    )
    {
        var answer = await who.MarkAsync(act, post.Id, _stop);
        if (_oracle.Sees(who.Id, post))
        {
            answer.Require(200);
            note(who.Id, post.Id);
        }
        else
        {
            answer.Require(404);
        }
    }

    private async Task DeletePostAsync(OraclePost post)
    {
        var author = _people.Single(person => person.Id == post.Author);
        (await author.DeleteAsync(post.Id, _stop)).Require(200);
        _oracle.Delete(post.Id);
        await _checks.HomesNowAsync(_people);
    }

    /// <summary>The author's newest posts, all that a head may hold.</summary>
    private async Task PurgeAsync(ClassicClient who, int count)
    {
        var newest = _oracle.Posts.Reverse().Where(post => post.Author == who.Id).Take(count);
        foreach (var post in newest.ToList())
        {
            (await who.DeleteAsync(post.Id, _stop)).Require(200);
            _oracle.Delete(post.Id);
        }

        await _checks.HomesNowAsync(_people);
    }

    private async Task DeleteAccountAsync(ClassicClient who)
    {
        if (_people.Count <= 2)
        {
            return;
        }

        (await who.DeleteAccountAsync(_stop)).Require(200);
        _people.Remove(who);
        _oracle.DeleteAccount(who.Id);
        await _checks.HomesNowAsync(_people);
    }

    private async Task ReadPagesAsync(ClassicClient who, Step step)
    {
        if (!_strategy.IsCurrent)
        {
            await _world.SettleAsync(_stop);
        }

        await _checks.PagesAsync(who, step.Which, step.Detail);
    }

    /// <summary>Writers and readers at the same time, and perhaps wipes: what is committed meets heads that are being loaded.</summary>
    private async Task BurstAsync(Step step)
    {
        var before = _people.ToDictionary(person => person.Id, person => _oracle.Home(person.Id));
        var acknowledged = new ConcurrentQueue<PostId>();
        using var written = new CancellationTokenSource();
        var readers = _people
            .Take(3)
            .Select(reader => _checks.WatchAsync(reader, acknowledged, written.Token))
            .ToList();
        var wipes =
            step.Detail % 2 == 0 ? WipeAsync(_people[^1], written.Token) : Task.CompletedTask;
        var posts = await Task.WhenAll(
            Enumerable
                .Range(0, 2 + (step.Which % 4))
                .Select(i => PostSomeAsync(_people[(step.Who + i) % _people.Count], acknowledged))
        );
        await written.CancelAsync();
        await wipes;
        NoteAll(posts.SelectMany(some => some));
        foreach (var watched in await Task.WhenAll(readers))
        {
            _checks.Watched(watched, before[watched.Viewer.Id], wiped: step.Detail % 2 == 0);
            await _checks.HomeNowAsync(watched.Viewer);
        }
    }

    private async Task WipeAsync(ClassicClient reader, CancellationToken written)
    {
        while (!written.IsCancellationRequested)
        {
            await ForgetAsync();
            await reader.TryHomeAsync(new Page(1), _stop);
        }
    }

    private async Task<List<OraclePost>> PostSomeAsync(
        ClassicClient who,
        ConcurrentQueue<PostId> acknowledged
    )
    {
        var posts = new List<OraclePost>();
        for (var i = 0; i < PostsOfBurst; i++)
        {
            posts.Add(await PostConcurrentlyAsync(who));
            acknowledged.Enqueue(posts[^1].Id);
        }

        return posts;
    }

    private Task RestartAsync() => _world.RestartAsync(_people, _stop);

    private async Task SettleAsync()
    {
        await _world.SettleAsync(_stop);
        await _checks.AllAsync(_world.Server, _people, userTimelines: false);
    }

    /// <summary>Most posts are for everybody.</summary>
    private static Visibility VisibilityOf(int detail) =>
        (detail % 8) switch
        {
            5 => Visibility.Unlisted,
            6 => Visibility.Followers,
            7 => Visibility.Direct,
            _ => Visibility.Public,
        };
}
