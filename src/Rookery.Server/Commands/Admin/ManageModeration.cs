using Rookery.Accounts;
using Rookery.Server.Commands.Running;

namespace Rookery.Server.Commands.Admin;

/// <summary>What an operator does as a moderator above all others, and who the moderators are.</summary>
internal sealed class ManageModeration(
    SuspendAccount suspend,
    LiftSuspension lift,
    GiveRole give,
    ReadModeration moderation
)
{
    public async Task<int> SuspendAsync(
        SuspendAccountRequest request,
        ICommandOutput output,
        CancellationToken token
    )
    {
        var known = await FindAsync(request.Username, token);
        if (!known.Succeeded)
        {
            return Failed(known.Problem, output);
        }

        var done = await suspend.HandleAsync(
            known.Value.Id,
            new Decision(null, request.Reason),
            token
        );
        return Told(
            done,
            $"suspended @{known.Value.Username}: its sessions are over, and nothing of it is shown",
            $"@{known.Value.Username} was suspended before",
            output
        );
    }

    public async Task<int> LiftAsync(
        LiftSuspensionRequest request,
        ICommandOutput output,
        CancellationToken token
    )
    {
        var known = await FindAsync(request.Username, token);
        if (!known.Succeeded)
        {
            return Failed(known.Problem, output);
        }

        var done = await lift.HandleAsync(
            known.Value.Id,
            new Decision(null, request.Reason),
            token
        );
        return Told(
            done,
            $"lifted the suspension of @{known.Value.Username}: all that it posted is there again",
            $"@{known.Value.Username} was not suspended",
            output
        );
    }

    public async Task<int> GiveRoleAsync(
        GiveRoleRequest request,
        ICommandOutput output,
        CancellationToken token
    )
    {
        var known = await FindAsync(request.Username, token);
        if (!known.Succeeded)
        {
            return Failed(known.Problem, output);
        }

        if (known.Value.State == AccountState.Suspended)
        {
            return Failed(
                Problem.Conflict(
                    "username",
                    $"@{known.Value.Username} is suspended; lift that first."
                ),
                output
            );
        }

        var given = await give.HandleAsync(known.Value.Id, request.Role, token);
        if (!given.Succeeded)
        {
            return Failed(given.Problem, output);
        }

        output.Line(
            given.Value
                ? $"@{known.Value.Username} is {request.Role} now"
                : $"@{known.Value.Username} was {request.Role} before"
        );
        return ExitCodes.Done;
    }

    public async Task<int> ListModeratorsAsync(ICommandOutput output, CancellationToken token)
    {
        var all = await moderation.ModeratorsAsync(token);
        foreach (var one in all)
        {
            output.Line($"{one.Id}  @{one.Username}  {NameOf(one.Role)}");
        }

        output.Line($"{all.Count} moderators and admins");
        return ExitCodes.Done;
    }

    public async Task<int> ListActsAsync(
        ListActsRequest request,
        ICommandOutput output,
        CancellationToken token
    )
    {
        AccountId? about = null;
        if (request.Username is { } username)
        {
            var known = await FindAsync(username, token);
            if (!known.Succeeded)
            {
                return Failed(known.Problem, output);
            }

            about = known.Value.Id;
        }

        var acts = await moderation.ActsAsync(
            about,
            request.Below > 0 ? new ActId(request.Below) : null,
            token
        );
        var accounts = await moderation.AccountsAsync(
            acts.SelectMany(act => new[] { act.By, act.About }).OfType<AccountId>(),
            token
        );
        foreach (var act in acts)
        {
            output.Line(Line(act, accounts));
        }

        if (acts.Count == ReadModeration.ActsOnPage)
        {
            output.Line($"for more: rookery admin list-acts --before {acts[^1].Id}");
        }

        return ExitCodes.Done;
    }

    private static string Line(Act act, IReadOnlyDictionary<AccountId, ModeratedAccount> accounts)
    {
        var who = act.By is { } by ? Called(by, accounts) : "an operator";
        var what = act.Kind switch
        {
            ActKind.Suspended => "suspended",
            ActKind.Restored => "lifted the suspension of",
            ActKind.RoleGiven => $"made {act.Detail}",
            ActKind.ReportResolved => $"resolved report {act.Report} about",
            _ => act.Kind.ToString(),
        };
        var whom = act.About is { } about ? $" {Called(about, accounts)}" : "";
        return FormattableString.Invariant(
            $"{act.Id}  {act.At:yyyy-MM-dd'T'HH:mm:ss'Z'}  {who} {what}{whom}: {act.Reason}"
        );
    }

    private static string Called(
        AccountId id,
        IReadOnlyDictionary<AccountId, ModeratedAccount> accounts
    ) => accounts.TryGetValue(id, out var account) ? $"@{account.Username}" : $"account {id}";

    private static string NameOf(AccountRole role) => GiveRole.Names[(int)role];

    private async ValueTask<Result<ModeratedAccount>> FindAsync(
        string username,
        CancellationToken token
    )
    {
        var name = username.TrimStart('@');
        var known = await moderation.AccountAsync(name, token);
        return known.Succeeded
            ? known
            : Problem.NotFound($"There is no account @{name.ToLowerInvariant()}.");
    }

    private static int Told(
        Result<Standing> done,
        string changed,
        string unchanged,
        ICommandOutput output
    )
    {
        if (!done.Succeeded)
        {
            return Failed(done.Problem, output);
        }

        output.Line(done.Value.IsNew ? changed : unchanged);
        return ExitCodes.Done;
    }

    private static int Failed(Problem problem, ICommandOutput output)
    {
        output.Error(problem.Detail);
        return ExitCodes.Failed;
    }
}
