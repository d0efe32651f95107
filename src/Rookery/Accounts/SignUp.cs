using Rookery.Telemetry;

namespace Rookery.Accounts;

internal sealed record SignUpRequest(string? Username, string? Email, string? Password)
{
    /// <summary>Never the password: records are printed into logs.</summary>
    public override string ToString() => $"sign-up of {Username}";
}

/// <summary>An account with a session just opened. The token is in no other place.</summary>
internal sealed record LoggedIn(AccountId Account, string Username, string AuthToken)
{
    /// <summary>Never the token: records are printed into logs.</summary>
    public override string ToString() => $"session of {Username}";
}

/// <summary>Makes an account for the person who will use it, and logs it in.</summary>
internal sealed class SignUp(
    IAccountStore store,
    PasswordRules rules,
    PasswordWork passwords,
    TelemetryEvents telemetry
)
{
    public async Task<Result<LoggedIn>> HandleAsync(SignUpRequest request, CancellationToken token)
    {
        var handle = Handle.Parse(request.Username, "username");
        if (!handle.Succeeded)
        {
            return handle.Problem;
        }

        var email = EmailAddress.Parse(request.Email, "email");
        if (!email.Succeeded)
        {
            return email.Problem;
        }

        if (rules.Check(request.Password, "password", handle.Value, email.Value) is { } wrong)
        {
            return wrong;
        }

        var session = AuthToken.Draw();
        var account = await store.SignUpAsync(
            new NewAccount(
                handle.Value,
                DisplayName.Parse(handle.Value.Shown, "username").Value,
                email.Value,
                await passwords.HashAsync(request.Password!, token),
                session.Hash
            ),
            token
        );
        if (!account.Succeeded)
        {
            return account.Problem;
        }

        telemetry.SignedUp();
        return new LoggedIn(account.Value, handle.Value.Shown, session.Text);
    }
}
