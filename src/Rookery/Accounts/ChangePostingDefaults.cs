using Rookery.Posts;

namespace Rookery.Accounts;

/// <summary>Changes what an account's posts have where nobody says anything else.</summary>
internal sealed class ChangePostingDefaults(IPostingDefaultsStore store)
{
    /// <param name="visibility">Null stays as it is.</param>
    /// <param name="isSensitive">Null stays as it is.</param>
    /// <param name="field">What the caller calls the visibility.</param>
    public async Task<Result<PostingDefaults>> HandleAsync(
        AccountId account,
        Visibility? visibility,
        bool? isSensitive,
        string field,
        CancellationToken token
    )
    {
        if (visibility is Visibility.Direct)
        {
            return Problem.Invalid(
                field,
                "Posts are for everybody or for followers where nothing else is said; for those whom one mentions alone each is chosen by itself."
            );
        }

        return await store.ChangeAsync(account, visibility, isSensitive, token) is { } changed
            ? changed
            : Problem.NoAccount(account, "user_id");
    }
}
