using Rookery.Accounts;

namespace Rookery.Graph;

/// <summary>Accounts by descending id.</summary>
internal sealed record MemberPage(IReadOnlyList<AccountId> Accounts);

/// <summary>One page of an account's followers, followees, blocks or mutes. Whose blocks and mutes may be asked for is the caller's to decide.</summary>
internal sealed class ListMembers(IGraphStore store, IAccounts accounts, TimeProvider time)
{
    public async ValueTask<Result<MemberPage>> HandleAsync(
        MemberList list,
        Page page,
        string field,
        CancellationToken token
    ) =>
        await accounts.FindMissingAsync([(list.Account, field)], token) is { } missing
            ? missing
            : new MemberPage(await store.ListAsync(list, page, time.GetUtcNow(), token));
}
