using Rookery.Posts;

namespace Rookery.Accounts;

/// <summary>What an account's posts have where nobody says anything else.</summary>
/// <param name="IsSensitive">Their media are shown to who wants to see them alone.</param>
public sealed record PostingDefaults(Visibility Visibility, bool IsSensitive)
{
    /// <summary>Of who has never said anything.</summary>
    public static PostingDefaults Usual { get; } = new(Visibility.Public, IsSensitive: false);
}

/// <summary>
/// What accounts want of the posts that they are going to write.
/// <para>Durability: what a write answered is on the disk. They are nobody's but the account's, so no event tells of them.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be written or read.</para>
/// </summary>
public interface IPostingDefaultsStore
{
    /// <summary>The usual ones for an account that is not active.</summary>
    ValueTask<PostingDefaults> FindAsync(AccountId account, CancellationToken token);

    /// <summary>Changes what is not null, and answers all; null where the account is not active.</summary>
    Task<PostingDefaults?> ChangeAsync(
        AccountId account,
        Visibility? visibility,
        bool? isSensitive,
        CancellationToken token
    );
}
