using Rookery.Accounts;
using Rookery.Server.Commands.Running;

namespace Rookery.Server.Commands.Admin;

/// <summary>An operator's hands on accounts, by username.</summary>
internal sealed class ManageAccounts(
    SignUp signUp,
    LogOutEverywhere logOut,
    SetPassword setPassword,
    DeleteAccount delete,
    ListAccounts list,
    ReadModeration moderation
)
{
    public async Task<int> CreateAsync(
        CreateAccountRequest request,
        ICommandOutput output,
        CancellationToken token
    )
    {
        var made = await signUp.HandleAsync(
            new SignUpRequest(request.Username, request.Email, request.Password),
            token
        );
        if (!made.Succeeded)
        {
            return Failed(made.Problem, output);
        }

        // Signing up logs in; here nobody is there to use that session.
        await logOut.HandleAsync(made.Value.Account, token);
        output.Line($"created @{made.Value.Username}, id {made.Value.Account}");
        return ExitCodes.Done;
    }

    public Task<int> SetPasswordAsync(
        SetPasswordRequest request,
        ICommandOutput output,
        CancellationToken token
    ) =>
        WithAccountAsync(
            request.Username,
            output,
            account => setPassword.HandleAsync(account, request.Password, token),
            $"set the password of @{request.Username} and ended all its sessions",
            token
        );

    public Task<int> DeleteAsync(
        DeleteAccountRequest request,
        ICommandOutput output,
        CancellationToken token
    ) =>
        WithAccountAsync(
            request.Username,
            output,
            account => delete.HandleAsync(account, token),
            $"deleted @{request.Username}; its posts and follows are being removed",
            token
        );

    public async Task<int> ListAsync(
        ListAccountsRequest request,
        ICommandOutput output,
        CancellationToken token
    )
    {
        var rows = await list.HandleAsync(new AccountId(request.After), request.Count, token);
        foreach (var row in rows)
        {
            var state = row.State.ToString().ToLowerInvariant();
            var password = row.HasPassword ? "" : ", no password";
            output.Line(
                FormattableString.Invariant(
                    $"{row.Id}  @{row.Username}  {state}{password}  {row.Email}  {row.CreatedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}"
                )
            );
        }

        if (rows.Count == request.Count)
        {
            output.Line($"for more: rookery admin list-accounts --after {rows[^1].Id}");
        }

        return ExitCodes.Done;
    }

    private async Task<int> WithAccountAsync(
        string username,
        ICommandOutput output,
        Func<AccountId, Task<Result<Done>>> act,
        string done,
        CancellationToken token
    )
    {
        // Suspended ones can be deleted, too.
        var name = username.TrimStart('@');
        var known = await moderation.AccountAsync(name, token);
        if (!known.Succeeded)
        {
            return Failed(
                Problem.NotFound($"There is no account @{name.ToLowerInvariant()}."),
                output
            );
        }

        var result = await act(known.Value.Id);
        if (!result.Succeeded)
        {
            return Failed(result.Problem, output);
        }

        output.Line(done);
        return ExitCodes.Done;
    }

    private static int Failed(Problem problem, ICommandOutput output)
    {
        output.Error(problem.Detail);
        return ExitCodes.Failed;
    }
}
