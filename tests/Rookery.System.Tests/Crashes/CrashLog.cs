using System.Collections.Concurrent;
using System.Diagnostics;
using Rookery.Posts;
using Rookery.TestKit;

namespace Rookery.SystemTests.Crashes;

/// <summary>A post that a writer sent: acknowledged with an id, or not answered.</summary>
internal sealed record SentPost(AccountId Author, string Text, string Key)
{
    public PostId Id { get; set; }

    public bool IsAcknowledged => Id.Value != 0;
}

/// <summary>What all writers know together: what was acknowledged, and when.</summary>
internal sealed class CrashLog
{
    private readonly ConcurrentDictionary<PostId, long> _deletedAt = [];
    private readonly ConcurrentDictionary<AccountId, (PostId Id, long At)> _newest = [];
    private readonly ConcurrentQueue<PostId> _likeable = [];

    /// <summary>Of the whole history.</summary>
    public ConcurrentQueue<SentPost> Posts { get; } = [];

    public void Posted(SentPost post, PostId id)
    {
        post.Id = id;
        _newest[post.Author] = (id, Stopwatch.GetTimestamp());
        _likeable.Enqueue(id);
        while (_likeable.Count > 100)
        {
            _likeable.TryDequeue(out _);
        }
    }

    /// <summary>Called before the request is sent: from then on a reader may or may not see the post.</summary>
    public void Deleting(PostId post) => _deletedAt.TryAdd(post, long.MaxValue);

    public void Deleted(PostId post) => _deletedAt[post] = Stopwatch.GetTimestamp();

    public bool IsDeleted(PostId post) => _deletedAt.ContainsKey(post);

    public bool WasDeletedBefore(PostId post, long time) =>
        _deletedAt.TryGetValue(post, out var at) && at < time;

    /// <summary>The author's newest acknowledged post, if that was acknowledged before the time and nobody deletes it.</summary>
    public PostId? NewestBefore(AccountId author, long time) =>
        _newest.TryGetValue(author, out var newest) && newest.At < time && !IsDeleted(newest.Id)
            ? newest.Id
            : null;

    public PostId? AnyLikeable(Random random)
    {
        var recent = _likeable.ToArray();
        return recent.Length == 0 ? null : recent[random.Next(recent.Length)];
    }

    /// <summary>The acknowledged posts that stand and those that stand though nobody was told, as the database has them.</summary>
    public void Tell(Oracle oracle, IReadOnlyDictionary<string, PostId> stored)
    {
        foreach (var post in Posts)
        {
            if (stored.TryGetValue(post.Text, out var id) && !IsDeleted(id))
            {
                oracle.Post(new OraclePost(id, post.Author, Visibility.Public, post.Text, []));
            }
        }
    }
}
