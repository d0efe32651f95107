using Rookery.Accounts;

namespace Rookery.Adapters.Sql;

/// <summary>Pictures that accounts show of themselves: as they stand in an account's row, and which media were ever shown.</summary>
internal static class SqlProfilePictures
{
    private const string SelectUsed = """
        SELECT p.medium FROM json_each(@ids) i JOIN account_pictures p ON p.medium = i.value LIMIT 1
        """;

    private const string SelectShown = """
        SELECT p.medium
        FROM json_each(@ids) i
        JOIN account_pictures p ON p.medium = i.value
        JOIN accounts a ON a.id = p.account AND (a.avatar_medium = p.medium OR a.header_medium = p.medium)
        """;

    private const string SelectNow =
        "SELECT avatar_medium, header_medium FROM accounts WHERE id = @id";

    private const string UpdateAvatar =
        "UPDATE accounts SET avatar_medium = @medium, avatar = @blob WHERE id = @id";

    private const string UpdateHeader =
        "UPDATE accounts SET header_medium = @medium, header = @blob WHERE id = @id";

    private const string InsertUsed =
        "INSERT INTO account_pictures (medium, account) VALUES (@medium, @account)";

    /// <summary>Null where they can be shown.</summary>
    public static Problem? Refuse(
        CommitContext commit,
        AccountId account,
        ProfilePictures? pictures
    )
    {
        if (New(pictures) is not { Count: > 0 } media)
        {
            return null;
        }

        // Of the clock that ShownAsync answers by.
        if (commit.NextPostId(account).CreatedAt > pictures!.HeldUntil)
        {
            return Problem.Unavailable(
                "The profile could not be changed in time, and its new pictures are held for it no longer; nothing was changed. Send them again."
            );
        }

        var used = commit.Session.Number(SelectUsed, 0, SqlList.Of(media.Select(id => id.Value)));
        return used == 0
            ? null
            : Problem.Conflict("id", $"Picture {used} was shown before; upload it again.");
    }

    /// <summary>Puts them into the account's row, and tells what they took the place of.</summary>
    public static void Keep(CommitContext commit, AccountId account, ProfilePictures? pictures)
    {
        if (pictures is null or { Avatar: null, Header: null })
        {
            return;
        }

        var (avatar, header) = commit.Session.One(
            SelectNow,
            row => (new MediaId(row.GetInt64(0)), new MediaId(row.GetInt64(1))),
            account.Value
        );
        var left = new List<MediaId>();
        Put(commit, account, UpdateAvatar, pictures.Avatar, avatar, left);
        Put(commit, account, UpdateHeader, pictures.Header, header, left);
        foreach (var medium in New(pictures))
        {
            commit.Session.Execute(InsertUsed, medium.Value, account.Value);
        }

        if (left.Count > 0)
        {
            commit.Emit(new AccountPicturesLeft(account, left));
        }
    }

    /// <summary>The time is an id's, drawn in this commit: pictures that are shown after it are shown at that time or later.</summary>
    public static ShownPictures Among(CommitContext commit, ReadOnlySpan<MediaId> media)
    {
        var shown = commit.Session.Many(
            SelectShown,
            row => new MediaId(row.GetInt64(0)),
            SqlList.Of(media)
        );
        return new ShownPictures(shown, commit.NextPostId(default).CreatedAt);
    }

    private static void Put(
        CommitContext commit,
        AccountId account,
        string update,
        ProfilePicture? picture,
        MediaId old,
        List<MediaId> left
    )
    {
        if (picture is not { } changed)
        {
            return;
        }

        commit.Session.Execute(
            update,
            changed.Medium.Value,
            changed.Blob?.ToString() ?? "",
            account.Value
        );
        if (old.Value != 0)
        {
            left.Add(old);
        }
    }

    private static List<MediaId> New(ProfilePictures? pictures) =>
        [
            .. new[] { pictures?.Avatar, pictures?.Header }
                .OfType<ProfilePicture>()
                .Where(picture => picture.Blob is not null)
                .Select(picture => picture.Medium),
        ];
}
