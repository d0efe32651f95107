namespace Rookery.Accounts;

/// <summary>Writes down, with the reason, what is decided about nobody's account and no report: before it is done, where nothing brings back what it undoes.</summary>
internal sealed class RecordAct(IModerationStore store)
{
    /// <param name="detail">What it is about, in words that are shown.</param>
    public async Task<Result<Done>> HandleAsync(
        ActKind kind,
        AccountRole least,
        Decision decision,
        string detail,
        CancellationToken token
    ) =>
        decision.Check("reason") is { } wrong
            ? wrong
            : await store.RecordAsync(kind, least, decision, detail, token);
}
