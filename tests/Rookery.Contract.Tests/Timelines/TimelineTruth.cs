using Rookery.Timelines;

namespace Rookery.Contract.Tests.Timelines;

/// <summary>
/// What timelines are derived from: posts, and whom each owner follows. It knows what has reached the store, so it can say what a reader must
/// be shown now and what only once everything has arrived.
/// </summary>
internal sealed class TimelineTruth
{
    private const int AuthorCount = 6;

    private readonly List<TimelineEntry> _posts = [];
    private readonly HashSet<PostId> _delivered = [];
    private int _follows;

    public TimelineTruth(int owners)
    {
        Authors = Fresh.Accounts(AuthorCount);
        Owners = Fresh.Accounts(owners);
        foreach (var owner in Owners)
        {
            Following[owner] = Authors.Take(AuthorCount - 2).ToDictionary(author => author, _ => 0);
        }
    }

    public AccountId[] Authors { get; }

    public AccountId[] Owners { get; }

    public IReadOnlyList<TimelineEntry> Posts => _posts;

    /// <summary>Of each owner the followees; with each the follow's number, which is 0 once the timeline has been dropped for it.</summary>
    public Dictionary<AccountId, Dictionary<AccountId, int>> Following { get; } = [];

    public TimelineEntry Post(AccountId author, DateTimeOffset now)
    {
        var id = Math.Max(
            Snowflake.FloorAt(now),
            _posts.Count == 0 ? 0 : _posts[^1].Post.Value + 1
        );
        var entry = new TimelineEntry(new PostId(id), author);
        _posts.Add(entry);
        return entry;
    }

    /// <summary>The number of the new follow; 0 where it stands.</summary>
    public int Follow(AccountId owner, AccountId author) =>
        Following[owner].TryAdd(author, _follows + 1) ? ++_follows : 0;

    public void Dropped(AccountId owner, int follow)
    {
        foreach (var (author, number) in Following[owner])
        {
            Following[owner][author] = number == follow ? 0 : number;
        }
    }

    public void Delivered(TimelineEntry entry) => _delivered.Add(entry.Post);

    public bool Follows(AccountId owner, AccountId author) => Following[owner].ContainsKey(author);

    public AccountId[] FollowersOf(AccountId author) =>
        [.. Owners.Where(owner => Follows(owner, author))];

    /// <summary>The owner's timeline, newest first, from below <paramref name="below"/>.</summary>
    public IEnumerable<TimelineEntry> TimelineOf(AccountId owner, PostId below) =>
        Enumerable
            .Reverse(_posts)
            .Where(entry => entry.Post < below && Follows(owner, entry.Author));

    /// <summary>What has arrived: whoever is told that a part is complete is shown these.</summary>
    public IEnumerable<PostId> ArrivedFor(AccountId owner) =>
        _posts
            .Where(entry =>
                _delivered.Contains(entry.Post)
                && Following[owner].TryGetValue(entry.Author, out var follow)
                && follow == 0
            )
            .Select(entry => entry.Post);
}
