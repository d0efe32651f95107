namespace Rookery.Accounts;

/// <summary>What an account's posts have where nobody says anything else. Asked of the truth each time: nobody is to write for everybody who has just said otherwise.</summary>
internal sealed class ReadPostingDefaults(IPostingDefaultsStore store)
{
    public ValueTask<PostingDefaults> HandleAsync(AccountId account, CancellationToken token) =>
        store.FindAsync(account, token);
}
