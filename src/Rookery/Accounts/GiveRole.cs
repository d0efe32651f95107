namespace Rookery.Accounts;

/// <summary>Makes an account a moderator, an admin, or a member again. For operators alone.</summary>
internal sealed class GiveRole(IModerationStore store)
{
    /// <summary>As operators write them.</summary>
    public static readonly string[] Names = ["member", "moderator", "admin"];

    /// <summary>False where it had the role before.</summary>
    public async Task<Result<bool>> HandleAsync(
        AccountId account,
        string role,
        CancellationToken token
    )
    {
        var place = Array.IndexOf(Names, role);
        return place < 0
            ? Problem.Invalid("role", $"There is no role {role}; it must be {Listed}.")
            : await store.GiveRoleAsync(
                account,
                (AccountRole)place,
                new Decision(null, "given on the command line"),
                token
            );
    }

    private static string Listed => $"{string.Join(", ", Names[..^1])} or {Names[^1]}";
}
