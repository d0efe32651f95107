namespace Rookery.Verification;

/// <summary>Runs every check, one after the other: each repairs what the next ones may rest on.</summary>
internal sealed class VerifyAll(IEnumerable<ICheck> checks)
{
    public async IAsyncEnumerable<CheckReport> HandleAsync(
        bool repair,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token
    )
    {
        foreach (var check in checks)
        {
            yield return await check.RunAsync(repair, token);
        }
    }
}
