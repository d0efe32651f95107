namespace Rookery.Timelines;

/// <summary>
/// Direct posts addressed to an account, as one more source of its home timeline. In memory it is a head like an author's, under the negated id:
/// so one merge sees both kinds as of one moment.
/// </summary>
internal static class DirectInbox
{
    public static AccountId Of(AccountId owner) => new(-owner.Value);

    public static bool Is(AccountId source) => source.Value < 0;

    public static AccountId OwnerOf(AccountId inbox) => new(-inbox.Value);
}
