namespace Rookery.Accounts;

/// <summary>
/// Told of a suspension, or that it was lifted, before that is answered: from then on nothing of the account may show, or all of it. Must be idempotent, and
/// of what it is told of one account the largest version counts: the consumer of the events, which makes up for a crash before this was called, may be late.
/// </summary>
public interface IAccountSuspending
{
    Task ApplyAsync(AccountId account, bool isSuspended, long version, CancellationToken token);
}
