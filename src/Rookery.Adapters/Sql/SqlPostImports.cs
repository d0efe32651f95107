using Rookery.Posts;

namespace Rookery.Adapters.Sql;

/// <summary>Stores posts of the past: each once, by its source's keys, under an id made of its date.</summary>
internal static class SqlPostImports
{
    private const string SelectKnown = "SELECT post FROM imported_posts WHERE source = @source";

    private const string InsertKnown =
        "INSERT INTO imported_posts (source, post) VALUES (@source, @post) ON CONFLICT DO NOTHING";

    // Tombstones keep their rows, so an id that was ever given is found.
    private const string SelectLast = "SELECT max(id) FROM posts WHERE id BETWEEN @first AND @last";

    public static IReadOnlyList<ImportOutcome> Import(
        CommitContext commit,
        IReadOnlyList<ImportedPost> posts
    )
    {
        var authors = new Dictionary<AccountId, AuthorRow>();
        var newest = new Dictionary<AccountId, PostId>();
        var outcomes = new ImportOutcome[posts.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = Import(commit, posts[i], authors, out var id);
            if (
                outcomes[i] == ImportOutcome.Stored
                && id > newest.GetValueOrDefault(posts[i].Author)
            )
            {
                newest[posts[i].Author] = id;
            }
        }

        foreach (var (author, id) in newest)
        {
            commit.Emit(new PostsImported(author, id));
        }

        return outcomes;
    }

    private static ImportOutcome Import(
        CommitContext commit,
        ImportedPost post,
        Dictionary<AccountId, AuthorRow> authors,
        out PostId id
    )
    {
        id = default;
        var session = commit.Session;
        var known = post
            .Keys.Select(key => session.Number(SelectKnown, 0, key))
            .FirstOrDefault(id => id != 0);
        if (known != 0)
        {
            Remember(session, post, known);
            return ImportOutcome.AlreadyThere;
        }

        if (!authors.TryGetValue(post.Author, out var author))
        {
            author = SqlAuthors.Get(commit, post.Author);
            authors.Add(post.Author, author);
        }

        if (!author.IsOpen)
        {
            return ImportOutcome.AuthorClosed;
        }

        id = FreeId(session, post);
        var stored = new Post(
            id,
            post.Author,
            PostKind.Post,
            Visibility.Public,
            post.Text,
            default,
            default,
            default,
            default,
            default
        );
        SqlPostWrites.Insert(session, stored, author.Class, post.Mentions, post.Hashtags);
        Remember(session, post, id.Value);
        return ImportOutcome.Stored;
    }

    private static void Remember(SqlSession session, ImportedPost post, long id)
    {
        foreach (var key in post.Keys)
        {
            session.LaterInAnyOrder(InsertKnown, key, id);
        }
    }

    /// <summary>The first free id at the post's date; a full millisecond gives way to the next.</summary>
    private static PostId FreeId(SqlSession session, ImportedPost post)
    {
        for (var at = Snowflake.MillisecondsAt(post.CreatedAt); ; at++)
        {
            var first = IdAt(at, post.Author, 0);
            var last = IdAt(at, post.Author, Snowflake.MaxSequence);
            var taken = session.Number(SelectLast, first - 1, first, last);
            if (taken < last)
            {
                return new PostId(taken + 1);
            }
        }
    }

    private static long IdAt(long milliseconds, AccountId author, int sequence) =>
        Snowflake.Compose(milliseconds, author.Partition, Snowflake.ImportWriter, sequence);
}
