using Rookery.Posts;
using Rookery.SystemTests.Histories;
using Rookery.TestKit;

namespace Rookery.SystemTests.Searches;

/// <summary>Plays one random history on a server of its own and on the oracle, and compares what both find.</summary>
internal sealed class SearchHistory : IAsyncDisposable
{
    private const int Steps = 60;
    private const int BetweenRestarts = 20;

    private static readonly string[] _names = ["ana", "ben", "cleo", "dan", "eve"];

    private readonly World _world;
    private readonly Random _random;

    // Of its own, so that a seed's texts do not hang on it.
    private readonly Random _pictures;
    private readonly Random _warnings;
    private readonly Oracle _oracle = new();
    private readonly HashSet<AccountId> _withheld = [];
    private readonly List<ClassicClient> _people = [];
    private readonly SearchChecks _checks;
    private readonly CancellationToken _stop;

    private SearchHistory(World world, int seed, CancellationToken stop)
    {
        (_world, _random, _stop) = (world, new Random(seed), stop);
        _pictures = new Random(seed + 2);
        _warnings = new Random(seed + 3);
        _checks = new SearchChecks(_oracle, _withheld, new Random(seed + 1), stop);
    }

    private string Images => Path.Combine(_world.Folder, "search");

    private string OlderImages => Path.Combine(_world.Folder, "search-of-before");

    public static async Task PlayAsync(int seed, CancellationToken stop)
    {
        await using var history = new SearchHistory(await World.EmptyAsync(stop), seed, stop);
        await history.PlayAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task PlayAsync()
    {
        foreach (var name in _names)
        {
            var person = await _world.SignUpAsync(name, _stop);
            _people.Add(person);
            _oracle.SignUp(person.Id);
        }

        for (var step = 1; step <= Steps; step++)
        {
            await StepAsync();
            if (step % BetweenRestarts == 0)
            {
                await CheckAsync();
                await RestartAsync();
                await CheckAsync();
            }
        }

        await new HistoryChecks(_oracle, Strategy.Merged, _stop).VerifyAsync(_world.Server);
    }

    private async Task CheckAsync()
    {
        await _world.SettleAsync(_stop);
        await _checks.AllAsync(_world.Server, _people);
    }

    private async Task FindsAsync(ClassicClient who)
    {
        await _world.SettleAsync(_stop);
        await _checks.FindsAsync(who);
    }

    private Task StepAsync()
    {
        var (who, whom) = (OneOf(_people), OneOf(_people));
        return _random.Next(100) switch
        {
            < 50 => PostAsync(who, whom),
            < 58 => OnPostAsync(DeleteAsync),
            < 70 => OnPostAsync(post => LikeAsync(who, post)),
            < 80 => OnPostAsync(post => UnlikeAsync(who, post)),
            < 86 => RelateAsync("follow", who, whom),
            < 88 => RelateAsync("unfollow", who, whom),
            < 92 => RelateAsync("block", who, whom),
            < 95 => RelateAsync("unblock", who, whom),
            _ => ChooseAsync(who),
        };
    }

    private async Task PostAsync(ClassicClient who, ClassicClient mentioned)
    {
        var words = Enumerable.Range(0, 3).Select(_ => OneOf(SearchChecks.Words));
        var isMentioned = _random.Next(4) == 0 && mentioned != who;
        var text =
            $"{string.Join(' ', words)} {(isMentioned ? $"@{mentioned.Username} " : "")}#{OneOf(SearchChecks.Hashtags)}";
        // Of one that is to be opened first, some of what it is found by stands in the warning.
        var warning =
            _warnings.Next(4) == 0
                ? SearchChecks.Words[_warnings.Next(SearchChecks.Words.Length)]
                : "";
        var visibility = _random.Next(8) switch
        {
            5 => Visibility.Unlisted,
            6 or 7 => Visibility.Followers,
            _ => Visibility.Public,
        };
        IReadOnlyList<MediaId> media = _pictures.Next(4) == 0 ? [await UploadAsync(who)] : [];
        var answer = await who.PostAsync(text, _stop, visibility, warning: warning, media: media);
        _oracle.Post(
            new OraclePost(
                new PostId(answer.Require(201).Id("tweet_id")),
                who.Id,
                visibility,
                text,
                isMentioned ? [mentioned.Id] : []
            )
            {
                HasMedia = media.Count > 0,
                Warning = warning,
            }
        );
    }

    private async Task<MediaId> UploadAsync(ClassicClient who) =>
        (
            await MediaClient.UploadAsync(
                _world.Server.Http,
                who.Token,
                SamplePictures.Png(),
                _stop
            )
        ).Id;

    private async Task DeleteAsync(OraclePost post)
    {
        var author = _people.Single(one => one.Id == post.Author);
        (await author.DeleteAsync(post.Id, _stop)).Require(200);
        _oracle.Delete(post.Id);
    }

    private async Task LikeAsync(ClassicClient who, OraclePost post)
    {
        if (_oracle.Sees(who.Id, post))
        {
            (await who.MarkAsync("like", post.Id, _stop)).Require(200);
            _oracle.Like(who.Id, post.Id);
            await FindsAsync(who);
        }
    }

    /// <summary>Who likes it, where anybody does: it searched just before.</summary>
    private async Task UnlikeAsync(ClassicClient who, OraclePost post)
    {
        who = _people.FirstOrDefault(one => _oracle.Likes(one.Id, post.Id)) ?? who;
        if (_oracle.Sees(who.Id, post))
        {
            (await who.MarkAsync("unlike", post.Id, _stop)).Require(200);
            _oracle.Unlike(who.Id, post.Id);
            await FindsAsync(who);
        }
    }

    private async Task RelateAsync(string act, ClassicClient who, ClassicClient whom)
    {
        if (who == whom || (act == "follow" && _oracle.IsBlocked(who.Id, whom.Id)))
        {
            return;
        }

        (await who.RelateAsync(act, whom.Id, _stop)).Require(200);
        Action<AccountId, AccountId> note = act switch
        {
            "follow" => _oracle.Follow,
            "unfollow" => _oracle.Unfollow,
            "block" => _oracle.Block,
            _ => _oracle.Unblock,
        };
        note(who.Id, whom.Id);
        await FindsAsync(whom);
    }

    /// <summary>Whether strangers may find what one posts.</summary>
    private async Task ChooseAsync(ClassicClient who)
    {
        var isWithheld = _withheld.Add(who.Id) || !_withheld.Remove(who.Id);
        (await who.EditProfileAsync(new { indexable = !isWithheld }, _stop)).Require(200);
    }

    /// <summary>From the second time on with the images of the time before, as after a fault that left no newer ones.</summary>
    private Task RestartAsync() =>
        _world.RestartAsync(
            _people,
            _stop,
            meanwhile: () =>
            {
                var now = Directory.GetFiles(Images).Select(File.ReadAllBytes).ToList();
                var names = Directory.GetFiles(Images).Select(Path.GetFileName).ToList();
                if (Directory.Exists(OlderImages))
                {
                    Directory.Delete(Images, recursive: true);
                    Directory.Move(OlderImages, Images);
                }

                Directory.CreateDirectory(OlderImages);
                foreach (var (name, bytes) in names.Zip(now))
                {
                    File.WriteAllBytes(Path.Combine(OlderImages, name!), bytes);
                }

                return Task.CompletedTask;
            }
        );

    private Task OnPostAsync(Func<OraclePost, Task> act)
    {
        var posts = _oracle.Posts.ToList();
        return posts.Count == 0 ? Task.CompletedTask : act(OneOf(posts));
    }

    private T OneOf<T>(IReadOnlyList<T> some) => some[_random.Next(some.Count)];
}
