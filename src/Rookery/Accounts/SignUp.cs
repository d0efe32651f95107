using Rookery.Telemetry;

namespace Rookery.Accounts;

internal sealed record SignUpRequest(string? Username, string? Email, string? Password)
{
    /// <summary>In which its owner is written to; empty where it is not known.</summary>
    public string Language { get; init; } = "";

    /// <summary>Never the password: records are printed into logs.</summary>
    public override string ToString() => $"sign-up of {Username}";
}

/// <summary>An account with a session just opened. The token is in no other place.</summary>
internal sealed record LoggedIn(AccountId Account, string Username, string AuthToken)
{
    /// <summary>Never the token: records are printed into logs.</summary>
    public override string ToString() => $"session of {Username}";
}

/// <summary>
/// Makes an account for the person who will use it, logs it in, and asks for a confirmation of its address: it can be used meanwhile. Who signs up with the same address again
/// and again sends it no more mails than others may.
/// </summary>
internal sealed class SignUp(
    IAccountStore store,
    PasswordRules rules,
    PasswordWork passwords,
    AccountLimits limits,
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
            )
            {
                Language = request.Language,
                IsMailed = await limits.MayMailToAsync(email.Value.Folded, token),
            },
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
