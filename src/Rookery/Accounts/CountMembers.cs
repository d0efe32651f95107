namespace Rookery.Accounts;

/// <summary>
/// How many members there are, how many of them were here in the last month, and how many posts they have. For whoever looks from outside: counting goes through all accounts, so what is answered may be an
/// hour old.
/// </summary>
internal sealed class CountMembers(IAccountCountStore store, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Lasts = TimeSpan.FromHours(1);

    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    private readonly Turns _turns = new(1, time);
    private Counted? _last;

    public async ValueTask<Result<MemberTotals>> HandleAsync(CancellationToken token)
    {
        if (Fresh() is { } known)
        {
            return known;
        }

        using var turn = await _turns.EnterAsync(token);
        if (Fresh() is { } counted)
        {
            return counted;
        }

        if (turn is null)
        {
            // Somebody is counting: what was said an hour ago is nearly right.
            return _last is { } old
                ? old.Totals
                : Problem.Unavailable("The members are being counted; ask again in a moment.");
        }

        var now = time.GetUtcNow();
        var totals = await store.TotalsAsync(now - Month, token);
        _last = new Counted(totals, now);
        return totals;
    }

    public void Dispose() => _turns.Dispose();

    private MemberTotals? Fresh() =>
        _last is { } last && time.GetUtcNow() - last.At < Lasts ? last.Totals : null;

    private sealed record Counted(MemberTotals Totals, DateTimeOffset At);
}
