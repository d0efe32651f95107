using System.Diagnostics;
using System.Net.Sockets;
using Rookery.TestKit;

namespace Rookery.SystemTests.Crashes;

/// <summary>
/// One person who writes without pause, one request after the other, and knows afterwards which of them nobody answered. Nobody else
/// acts for the person, so what was acknowledged is what must be.
/// </summary>
/// <param name="isCurrent">What was acknowledged is on every home timeline at once: nothing is pushed behind answers.</param>
internal sealed class CrashWriter(ClassicClient client, CrashLog log, int seed, bool isCurrent)
{
    private const int Count = 20;

    private readonly Random _random = new(seed);
    private readonly List<PostId> _standing = [];
    private ClassicClient _client = client;
    private Func<CancellationToken, Task>? _unanswered;
    private int _texts;

    public AccountId Id => _client.Id;

    public ClassicClient Client => _client;

    public HashSet<AccountId> Follows { get; } = [];

    public HashSet<PostId> Likes { get; } = [];

    public List<AccountId> Others { get; } = [];

    /// <summary>The last request was not answered.</summary>
    public bool IsUnanswered => _unanswered is not null;

    public int Acknowledged { get; private set; }

    public void MoveTo(HttpClient server) => _client = _client.At(server);

    /// <summary>
    /// Settles what the crash left open: a request without an answer is sent again, a post with its key. One post in four is given up instead, and
    /// then it may stand or not.
    /// </summary>
    public async Task RetryAsync(CancellationToken stop)
    {
        if (_unanswered is { } again)
        {
            await again(stop);
            _unanswered = null;
        }
    }

    /// <summary>Until the server is gone.</summary>
    public async Task WriteAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var act = Next();
            _unanswered = act;
            try
            {
                await act(stop);
                _unanswered = null;
                Acknowledged++;
                await ReadAsync(stop);
            }
            // The client asks a new connection for its other end: where a kill came first, that is a bare fault of the socket.
            catch (Exception fault)
                when (fault is HttpRequestException or IOException or SocketException)
            {
                return;
            }
        }
    }

    private Func<CancellationToken, Task> Next() =>
        _random.Next(10) switch
        {
            < 5 => NewPost(),
            5 => Relate("follow", Follows.Add),
            6 => Relate("unfollow", Follows.Remove),
            7 => Mark("like", Likes.Add),
            8 => Mark("unlike", Likes.Remove),
            _ => Delete(),
        };

    private Func<CancellationToken, Task> NewPost()
    {
        var text = $"{_client.Username} {_texts++}";
        var post = new SentPost(Id, text, $"key {text}");
        log.Posts.Enqueue(post);
        var sent = 0;
        return async stop =>
        {
            if (sent++ > 0 && _random.Next(4) == 0)
            {
                return;
            }

            var answer = await _client.PostAsync(text, stop, key: post.Key);
            log.Posted(post, new PostId(answer.Require(201).Id("tweet_id")));
            _standing.Add(post.Id);
        };
    }

    private Func<CancellationToken, Task> Relate(string act, Func<AccountId, bool> note)
    {
        var other = Others[_random.Next(Others.Count)];
        return async stop =>
        {
            (await _client.RelateAsync(act, other, stop)).Require(200);
            note(other);
        };
    }

    private Func<CancellationToken, Task> Mark(string act, Func<PostId, bool> note)
    {
        if (log.AnyLikeable(_random) is not { } post)
        {
            return NewPost();
        }

        return async stop =>
        {
            var answer = await _client.MarkAsync(act, post, stop);
            if (answer.Status != 404 || !log.IsDeleted(post))
            {
                answer.Require(200);
                note(post);
            }
        };
    }

    private Func<CancellationToken, Task> Delete()
    {
        if (_standing.Count == 0)
        {
            return NewPost();
        }

        var at = _random.Next(_standing.Count);
        var post = _standing[at];
        _standing.RemoveAt(at);
        var sent = 0;
        return async stop =>
        {
            log.Deleting(post);
            var again = sent++ > 0;
            var answer = await _client.DeleteAsync(post, stop);
            // Sent again, it may be gone already.
            answer.Require(again && answer.Status == 404 ? 404 : 200);
            log.Deleted(post);
        };
    }

    /// <summary>Reads home and looks for what was forbidden, and for what has to be there, when the read began.</summary>
    private async Task ReadAsync(CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        var must = Follows
            .Select(author => log.NewestBefore(author, began))
            .OfType<PostId>()
            .ToList();
        var home = await _client.HomeAsync(new Page(Count), stop);
        var ids = home.Select(entry => entry.Id).ToList();
        Promise.Keep(
            ids.SequenceEqual(ids.Distinct().OrderDescending()),
            Promise.PagesAreTheSet,
            () => $"not newest first, or twice: [{string.Join(", ", ids)}]"
        );
        foreach (var entry in home)
        {
            Promise.Keep(
                Follows.Contains(entry.Author) && !log.WasDeletedBefore(entry.Id, began),
                Promise.NothingForbidden,
                () => $"{_client.Username} was shown {entry}"
            );
        }

        var oldest = ids.Count < Count ? default : ids[^1];
        Promise.Keep(
            !isCurrent
                || must.TrueForAll(id => id < oldest || ids.Contains(id) || log.IsDeleted(id)),
            Promise.NothingMissing,
            () =>
                $"{_client.Username} must see [{string.Join(", ", must)}] and sees [{string.Join(", ", ids)}]"
        );
    }
}
