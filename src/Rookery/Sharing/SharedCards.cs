using Rookery.Accounts;

namespace Rookery.Sharing;

/// <summary>Account cards that processes share, before those of the store.</summary>
internal sealed class SharedCards(IAccountCards store, SharedReads reads) : IAccountCards
{
    private static readonly CardForm Form = new();

    public ValueTask<IReadOnlyList<AccountCard>> CardsAsync(
        ReadOnlyMemory<AccountId> ids,
        CancellationToken token
    ) => reads.ReadAsync(Form, SharedPosts.Values(ids, id => id.Value), FromStoreAsync, token);

    private ValueTask<IReadOnlyList<AccountCard>> FromStoreAsync(
        IReadOnlyList<long> ids,
        CancellationToken token
    ) => store.CardsAsync(ids.Select(id => new AccountId(id)).ToArray(), token);
}
