using System.Threading.Channels;
using Rookery.Accounts;
using Rookery.Delivery;
using Rookery.Notifications;
using Rookery.Posts;

namespace Rookery.Live;

/// <summary>
/// Hears what is committed, by whatever process, and puts what streams are told of into one order. While nobody listens it keeps the place and nothing else.
/// </summary>
internal sealed class LiveSource(
    IPosts posts,
    IEventSources events,
    INotifications notifications,
    int mostHeard = 1 << 16
) : ICommitObserver
{
    private readonly Lock _gate = new();
    private readonly Channel<LiveEvent> _heard = Channel.CreateBounded<LiveEvent>(
        new BoundedChannelOptions(mostHeard) { SingleReader = true }
    );

    private readonly List<PostAccepted> _accepted = [];
    private readonly List<Committed> _deleted = [];
    private readonly List<NotificationsRaised> _raised = [];
    private LivePosition _last;
    private bool _isKnown;
    private bool _isListened;
    private int _lost;

    /// <summary>In order. One that is <see cref="LiveKind.Lost"/> comes where some do not.</summary>
    public async IAsyncEnumerable<LiveEvent> AllAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token
    )
    {
        await foreach (var heard in _heard.Reader.ReadAllAsync(token))
        {
            if (Interlocked.Exchange(ref _lost, 0) > 0)
            {
                yield return new LiveEvent(LiveKind.Lost, default);
            }

            yield return heard;
        }
    }

    /// <summary>Reads how far truth is, where nothing has told of it yet.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public async ValueTask PrepareAsync(CancellationToken token)
    {
        if (Volatile.Read(ref _isKnown))
        {
            return;
        }

        // The deletions first: one that falls between the two is told of twice rather than not at all.
        var sequence = await events.Posts.Past.LastAsync(token);
        var newest = await posts.NewestIdAsync(token);
        var notification = await NewestNotificationAsync(token);
        lock (_gate)
        {
            var last = _last.Or(new LivePosition(newest, sequence, notification));
            // What was known of them before says nothing where some may not have been heard.
            _last = notification.Value == 0 ? last with { Notification = default } : last;
            Volatile.Write(ref _isKnown, true);
        }
    }

    /// <summary>From the answer on everything is heard; null where <see cref="PrepareAsync"/> must come again.</summary>
    public LivePosition? Begin()
    {
        lock (_gate)
        {
            _isListened = true;
            return _isKnown ? _last : null;
        }
    }

    /// <summary>Nobody listens.</summary>
    public void Rest()
    {
        lock (_gate)
        {
            _isListened = false;
        }
    }

    /// <summary>A second has passed.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            if (_isListened)
            {
                Say(new LiveEvent(LiveKind.Tick, _last));
            }
        }
    }

    public void OnCommitted(IReadOnlyList<Committed> group)
    {
        lock (_gate)
        {
            var after = _last;
            foreach (var committed in group)
            {
                after = after.Or(Hear(committed));
            }

            if (_isListened)
            {
                SayAll(after);
            }

            _last = after;
        }
    }

    public void Forget()
    {
        lock (_gate)
        {
            Volatile.Write(ref _isKnown, false);
            if (_isListened)
            {
                Interlocked.Increment(ref _lost);
                _heard.Writer.TryWrite(new LiveEvent(LiveKind.Tick, _last));
            }
        }
    }

    /// <summary>0 where their database is away: posts have streams all the same.</summary>
    private async ValueTask<NotificationId> NewestNotificationAsync(CancellationToken token)
    {
        try
        {
            return await notifications.NewestAsync(token);
        }
        catch (StoreUnavailableException)
        {
            return default;
        }
    }

    private LivePosition Hear(in Committed committed)
    {
        switch (committed.Event)
        {
            case PostAccepted accepted:
                if (_isListened)
                {
                    _accepted.Add(accepted);
                }

                return new LivePosition(accepted.Post, committed.Sequence);
            case PostDeleted:
                if (_isListened)
                {
                    _deleted.Add(committed);
                }

                return new LivePosition(default, committed.Sequence);
            case NotificationsRaised raised:
                if (_isListened)
                {
                    _raised.Add(raised);
                }

                return new LivePosition(default, 0, raised.Raised.Max(one => one.Id));
            case SessionsEnded ended:
                HearOfSessions(ended.Account);
                break;
            case AccountDeleted deleted:
                HearOfSessions(deleted.Account);
                break;
            case AccountSuspended suspended:
                HearOfSessions(suspended.Account);
                break;
        }

        return default;
    }

    private void HearOfSessions(AccountId account)
    {
        if (_isListened)
        {
            Say(new LiveEvent(LiveKind.Sessions, _last, account));
        }
    }

    /// <summary>
    /// Posts by their ids, which are in no order inside of a group, then what was deleted, and then who was told of something: so nothing comes after a place that says that it came before.
    /// </summary>
    private void SayAll(LivePosition after)
    {
        _accepted.Sort(static (one, other) => one.Post.CompareTo(other.Post));
        foreach (var accepted in _accepted)
        {
            Say(
                new LiveEvent(LiveKind.Update, _last with { Post = accepted.Post }, accepted.Author)
                {
                    Post = accepted.Post,
                    Visibility = accepted.Visibility,
                    IsRepost = accepted.Kind == PostKind.Repost,
                    Recipients = accepted.Recipients,
                }
            );
        }

        foreach (var (sequence, happened) in _deleted)
        {
            var at = after with { Sequence = sequence, Notification = _last.Notification };
            Say(Of((PostDeleted)happened, at));
        }

        foreach (var some in _raised)
        {
            var at = after with { Notification = some.Raised.Max(one => one.Id) };
            Say(new LiveEvent(LiveKind.Raised, at) { Raised = some.Raised });
        }

        _accepted.Clear();
        _deleted.Clear();
        _raised.Clear();
    }

    public static LiveEvent Of(PostDeleted deleted, LivePosition at) =>
        new(LiveKind.Delete, at, deleted.Author)
        {
            Post = deleted.Post,
            Visibility = deleted.Visibility,
            IsRepost = deleted.Kind == PostKind.Repost,
            Recipients = deleted.Recipients,
        };

    /// <summary>Never waits, for writers do: where too much is heard at once, streams end and their readers come back.</summary>
    private void Say(LiveEvent happened)
    {
        if (!_heard.Writer.TryWrite(happened))
        {
            Interlocked.Increment(ref _lost);
        }
    }
}
