namespace Rookery.Notifications;

/// <summary>A reader wants to be told of each new post of an author.</summary>
public readonly record struct Bell(AccountId Author, AccountId Reader);

/// <summary>The follow that a bell belongs to has ended, or the request for it, with this event of the graph; one that was rung behind it belongs to another.</summary>
public readonly record struct EndedBell(Bell Bell, long Event);

/// <summary>
/// Bells that readers rang at authors whom they follow.
/// <para>Durability: what a write answered is on the disk.</para>
/// <para>Idempotence: ringing twice, and what is not rung, change nothing.</para>
/// <para>Loss: <see cref="StoreUnavailableException"/> when the store cannot be written or read.</para>
/// Whether the follow stands is not known here: who reads bells asks the graph.
/// </summary>
public interface IBellStore
{
    /// <param name="asOf">An event of the graph behind which the follow stood, or the request for it.</param>
    Task RingAsync(Bell bell, long asOf, CancellationToken token);

    Task UnringAsync(Bell bell, CancellationToken token);

    Task EndAsync(IReadOnlyList<EndedBell> ended, CancellationToken token);

    /// <summary>At whom of these the reader rang.</summary>
    ValueTask<IReadOnlySet<AccountId>> RungAsync(
        AccountId reader,
        ReadOnlyMemory<AccountId> authors,
        CancellationToken token
    );

    /// <summary>Those of the authors at whom anybody rang.</summary>
    ValueTask<IReadOnlySet<AccountId>> RungAtAsync(
        ReadOnlyMemory<AccountId> authors,
        CancellationToken token
    );

    /// <summary>Who rang at the author, in ascending order, strictly above <paramref name="after"/>: one chunk.</summary>
    ValueTask<IReadOnlyList<AccountId>> RingersAfterAsync(
        AccountId author,
        AccountId after,
        int limit,
        CancellationToken token
    );

    /// <summary>Removes up to <paramref name="limit"/> of the account's, on both sides; answers how many.</summary>
    Task<int> RemoveSomeOfAsync(AccountId account, int limit, CancellationToken token);

    /// <summary>All there are, in their order, strictly behind <paramref name="after"/>.</summary>
    ValueTask<IReadOnlyList<Bell>> AllAfterAsync(Bell after, int limit, CancellationToken token);
}
