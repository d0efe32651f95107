namespace Rookery.Accounts;

public enum ActKind
{
    Suspended = 0,

    /// <summary>A suspension was lifted.</summary>
    Restored = 1,

    /// <summary><see cref="Act.Detail"/> names the new role.</summary>
    RoleGiven = 2,

    ReportResolved = 3,

    /// <summary>What a consumer gave up on was forgotten; <see cref="Act.Detail"/> names it.</summary>
    LetterDiscarded = 4,
}

/// <summary>Who decides, and why.</summary>
/// <param name="By">Null: an operator, on the command line.</param>
public sealed record Decision(AccountId? By, string Reason)
{
    /// <summary>In UTF-16 units.</summary>
    public const int MaxReason = 1_000;

    /// <summary>Null where the reason may stand in the record of acts.</summary>
    public Problem? Check(string field) =>
        string.IsNullOrWhiteSpace(Reason)
            ? Problem.Invalid(field, $"{field} must say why, in 1 to {MaxReason} characters.")
        : Reason.Length > MaxReason
            ? Problem.Invalid(
                field,
                $"{field} is {Reason.Length} characters long; at most {MaxReason} are allowed."
            )
        : !UnicodeText.CanBeNormalised(Reason)
        || Reason.Any(unit => char.IsControl(unit) && unit is not ('\n' or '\r' or '\t'))
            ? Problem.Invalid(
                field,
                $"{field} holds a control character or half of a surrogate pair; it must be well-formed text."
            )
        : null;
}

/// <summary>What was done, by whom, to whom, when and why. It is written in the transaction of what was done, and never changed.</summary>
/// <param name="Id">Larger for what came later.</param>
/// <param name="By">Null: an operator, on the command line.</param>
/// <param name="About">Null: no account.</param>
/// <param name="Report">Null: no report.</param>
public sealed record Act(
    ActId Id,
    DateTimeOffset At,
    ActKind Kind,
    AccountId? By,
    AccountId? About,
    ReportId? Report,
    string Detail,
    string Reason
);
