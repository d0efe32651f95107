namespace Rookery.Tests.Api;

/// <summary>A lease that is held until a test takes it away.</summary>
internal sealed class ScriptedLease : ICommitLease
{
    public TimeSpan Lapsed { get; set; }

    /// <summary>Whether asking helps.</summary>
    public bool CanRenew { get; set; }

    public bool IsHeld => Lapsed == TimeSpan.Zero;

    public bool IsFirst => IsHeld;

    public ValueTask<bool> RenewAsync(CancellationToken token)
    {
        if (CanRenew)
        {
            Lapsed = TimeSpan.Zero;
        }

        return ValueTask.FromResult(IsHeld);
    }
}
