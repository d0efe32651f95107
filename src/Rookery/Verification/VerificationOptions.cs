using System.ComponentModel.DataAnnotations;

namespace Rookery.Verification;

/// <summary>How a running server looks after what it has counted.</summary>
public sealed class VerificationOptions
{
    public const string Section = "Verification";

    /// <summary>Hours between the end of one recount of all counters and the next; the first begins ten minutes after the start. 0 counts nothing anew.</summary>
    [Range(0, 24 * 365)]
    public int RecountHours { get; set; } = 6;

    /// <summary>Milliseconds of rest after every thousand accounts or posts that were counted anew, so that readers and writers have the database to themselves.</summary>
    [Range(0, 60_000)]
    public int RecountPauseMilliseconds { get; set; } = 250;
}
