using Rookery.Posts;

namespace Rookery.TestKit;

/// <summary>
/// What must be true, computed the slow and obvious way from what was acknowledged: accounts, follows, blocks, mutes, posts. Shares no code with
/// what it judges but the ids and the enumerations.
/// </summary>
internal sealed class Oracle
{
    private readonly SortedDictionary<long, OraclePost> _posts = [];
    private readonly HashSet<(AccountId From, AccountId To)> _follows = [];
    private readonly HashSet<(AccountId From, AccountId To)> _blocks = [];
    private readonly HashSet<(AccountId From, AccountId To)> _mutes = [];
    private readonly Dictionary<PostId, HashSet<AccountId>> _likes = [];
    private readonly Dictionary<PostId, HashSet<PostId>> _reposts = [];
    private readonly HashSet<AccountId> _accounts = [];
    private readonly HashSet<AccountId> _suspended = [];

    public IReadOnlyCollection<AccountId> Accounts => _accounts;

    /// <summary>Standing posts, oldest first; nothing of suspended accounts, and nothing that passes it on.</summary>
    public IEnumerable<OraclePost> Posts =>
        _posts.Values.Where(post =>
            !_suspended.Contains(post.Author)
            && !(Written(post) is { } original && _suspended.Contains(original.Author))
        );

    public void SignUp(AccountId account) => _accounts.Add(account);

    public void Suspend(AccountId account) => _suspended.Add(account);

    public void Restore(AccountId account) => _suspended.Remove(account);

    public void Follow(AccountId from, AccountId to) => _follows.Add((from, to));

    public void Unfollow(AccountId from, AccountId to) => _follows.Remove((from, to));

    public void Block(AccountId from, AccountId to)
    {
        _blocks.Add((from, to));
        _follows.Remove((from, to));
        _follows.Remove((to, from));
    }

    public void Unblock(AccountId from, AccountId to) => _blocks.Remove((from, to));

    public void Mute(AccountId from, AccountId to) => _mutes.Add((from, to));

    public void Unmute(AccountId from, AccountId to) => _mutes.Remove((from, to));

    public void Post(OraclePost post)
    {
        _posts.Add(post.Id.Value, post);
        if (post.Original.Value != 0)
        {
            SetOf(_reposts, post.Original).Add(post.Id);
        }
    }

    public void Like(AccountId account, PostId post) => SetOf(_likes, post).Add(account);

    public void Unlike(AccountId account, PostId post) => SetOf(_likes, post).Remove(account);

    /// <summary>A post takes its reposts with it; replies stay.</summary>
    public void Delete(PostId post)
    {
        if (_posts.Remove(post.Value, out var gone) && gone.Original.Value != 0)
        {
            SetOf(_reposts, gone.Original).Remove(post);
        }

        _likes.Remove(post);
        foreach (var repost in SetOf(_reposts, post).ToList())
        {
            Delete(repost);
        }

        _reposts.Remove(post);
    }

    public void DeleteAccount(AccountId account)
    {
        _accounts.Remove(account);
        _follows.RemoveWhere(follow => follow.From == account || follow.To == account);
        foreach (var likers in _likes.Values)
        {
            likers.Remove(account);
        }

        foreach (var post in _posts.Values.Where(post => post.Author == account).ToList())
        {
            Delete(post.Id);
        }
    }

    public bool Follows(AccountId from, AccountId to) => _follows.Contains((from, to));

    public bool IsBlocked(AccountId one, AccountId other) =>
        _blocks.Contains((one, other)) || _blocks.Contains((other, one));

    public OraclePost? Find(PostId id) => _posts.GetValueOrDefault(id.Value);

    public OraclePost? RepostOf(AccountId account, PostId original) =>
        SetOf(_reposts, original).Select(Find).FirstOrDefault(post => post!.Author == account);

    public int FollowersOf(AccountId account) => _follows.Count(follow => follow.To == account);

    public int FollowingOf(AccountId account) => _follows.Count(follow => follow.From == account);

    /// <summary>All entries the account made, but for direct posts, whose number is nobody else's business.</summary>
    public int PostsOf(AccountId account) =>
        _posts.Values.Count(post => post.Author == account && post.Visibility != Visibility.Direct);

    public bool Likes(AccountId account, PostId post) =>
        _likes.GetValueOrDefault(post)?.Contains(account) ?? false;

    /// <summary>Likes, reposts and the replies that everybody may see, of every standing post.</summary>
    public Dictionary<PostId, PostCounts> Counts()
    {
        var replies = _posts
            .Values.Where(post => post.Visibility <= Visibility.Unlisted)
            .CountBy(post => post.Parent)
            .ToDictionary();
        return _posts.Values.ToDictionary(
            post => post.Id,
            post => new PostCounts(
                _likes.GetValueOrDefault(post.Id)?.Count ?? 0,
                _reposts.GetValueOrDefault(post.Id)?.Count ?? 0,
                replies.GetValueOrDefault(post.Id)
            )
        );
    }

    /// <summary>Own posts are not on it: the B1 and B2 contracts show what followees did.</summary>
    public List<PostId> Home(AccountId owner) =>
        NewestFirst(post =>
            _follows.Contains((owner, post.Author))
            && Sees(owner, post)
            && !_mutes.Contains((owner, post.Author))
            && !(Written(post) is { } original && _mutes.Contains((owner, original.Author)))
        );

    public List<PostId> UserTimeline(AccountId viewer, AccountId author) =>
        NewestFirst(post => post.Author == author && Sees(viewer, post));

    /// <summary>What a page of the list must hold.</summary>
    public static List<PostId> Page(IReadOnlyList<PostId> newestFirst, Page page)
    {
        var range = newestFirst
            .Where(id => page.MaxId is not { } max || id < max)
            .Where(id => page.SinceId is not { } since || id > since)
            .Where(id => page.MinId is not { } min || id > min);
        return page.MinId is null
            ? [.. range.Take(page.Count)]
            : [.. range.Reverse().Take(page.Count).Reverse()];
    }

    /// <summary>Visibility and blocks; for a repost, of itself and of what it passes on.</summary>
    public bool Sees(AccountId viewer, OraclePost post) =>
        SeesAlone(viewer, post)
        && (Written(post) is not { } original || SeesAlone(viewer, original));

    private OraclePost? Written(OraclePost post) =>
        post.Original.Value == 0 ? null : _posts[post.Original.Value];

    private bool SeesAlone(AccountId viewer, OraclePost post)
    {
        if (
            !_accounts.Contains(viewer)
            || _suspended.Contains(post.Author)
            || IsBlocked(viewer, post.Author)
        )
        {
            return false;
        }

        var isAuthor = viewer == post.Author;
        return post.Visibility switch
        {
            Visibility.Public or Visibility.Unlisted => true,
            Visibility.Followers => isAuthor
                || _follows.Contains((viewer, post.Author))
                || post.Mentions.Contains(viewer),
            _ => isAuthor || post.Mentions.Contains(viewer),
        };
    }

    private static HashSet<T> SetOf<T>(Dictionary<PostId, HashSet<T>> sets, PostId post)
    {
        if (!sets.TryGetValue(post, out var set))
        {
            sets[post] = set = [];
        }

        return set;
    }

    private List<PostId> NewestFirst(Func<OraclePost, bool> shown) =>
        [.. _posts.Values.Reverse().Where(shown).Select(post => post.Id)];
}

/// <summary>A standing post, reply or repost.</summary>
internal sealed record OraclePost(
    PostId Id,
    AccountId Author,
    Visibility Visibility,
    string Text,
    IReadOnlyList<AccountId> Mentions,
    PostId Parent = default,
    PostId Original = default
)
{
    public bool HasMedia { get; init; }

    public string Warning { get; init; } = "";
}
