using Rookery.Accounts;
using Rookery.Moderation;
using Rookery.Web.Languages;
using Rookery.Web.Visits;

namespace Rookery.Web.Moderation;

/// <summary>What all pages of moderators share.</summary>
internal static class ForModerators
{
    /// <summary>Who is none is told what anybody is told of a page that is not there.</summary>
    public static Task<Problem?> AsModeratorAsync(
        this ReadModeration moderation,
        Visit visit,
        VisitHandler handler
    ) => moderation.AsAsync(AccountRole.Moderator, visit, handler);

    /// <inheritdoc cref="AsModeratorAsync"/>
    public static async Task<Problem?> AsAsync(
        this ReadModeration moderation,
        AccountRole least,
        Visit visit,
        VisitHandler handler
    ) =>
        await moderation.RoleAsync(visit.Member.Id, visit.Gone) >= least
            ? await handler(visit)
            : Problem.NotFound("There is no such page, or it is not for you to see.");

    /// <summary>What an account with it is.</summary>
    public static string NameIn(this AccountRole role, Words say) =>
        role switch
        {
            AccountRole.Admin => say.RoleAdmin,
            AccountRole.Moderator => say.RoleModerator,
            _ => say.RoleMember,
        };

    public static string NameIn(this ReportCategory category, Words say) =>
        category switch
        {
            ReportCategory.Spam => say.CategorySpam,
            ReportCategory.Legal => say.CategoryLegal,
            ReportCategory.Violation => say.CategoryViolation,
            _ => say.CategoryOther,
        };

    /// <summary>Everybody who is named in them.</summary>
    public static async ValueTask<KnownAccounts> KnownAsync(
        this ReadModeration moderation,
        IReadOnlyList<Act> acts,
        CancellationToken token
    ) =>
        new(
            await moderation.AccountsAsync(
                acts.SelectMany(act => new[] { act.By, act.About }).OfType<AccountId>(),
                token
            )
        );
}
