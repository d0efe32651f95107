namespace Rookery.Contract.Tests;

/// <summary>Accounts that nobody else has met: a store may hold what other tests, and earlier runs, left there.</summary>
internal static class Fresh
{
    private static long _last = Snowflake.MillisecondsAt(TimeProvider.System.GetUtcNow());

    public static AccountId Account()
    {
        var number = Interlocked.Increment(ref _last);
        return new(
            Snowflake.Compose(number, (int)(number % Snowflake.Partitions), writer: 1, sequence: 0)
        );
    }

    /// <summary>An upload of the account's, as far as a store of posts knows of one.</summary>
    public static MediaId Medium(AccountId owner) =>
        new(
            Snowflake.Compose(
                Interlocked.Increment(ref _last),
                owner.Partition,
                writer: 1,
                sequence: 0
            )
        );

    /// <summary>By ascending id.</summary>
    public static AccountId[] Accounts(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Account())];
}
