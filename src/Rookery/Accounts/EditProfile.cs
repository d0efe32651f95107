namespace Rookery.Accounts;

/// <summary>What is to be changed; null stays as it is.</summary>
internal sealed record ProfileEdit(
    AccountId Account,
    string? DisplayName,
    string? Bio,
    bool? IsIndexable = null
);

/// <summary>Changes what others see of an account.</summary>
internal sealed class EditProfile(IAccountStore store)
{
    public async Task<Result<AccountCard>> HandleAsync(ProfileEdit edit, CancellationToken token)
    {
        DisplayName? displayName = null;
        if (edit.DisplayName is not null)
        {
            var parsed = DisplayName.Parse(edit.DisplayName, "name");
            if (!parsed.Succeeded)
            {
                return parsed.Problem;
            }

            displayName = parsed.Value;
        }

        Bio? bio = null;
        if (edit.Bio is not null)
        {
            var parsed = Bio.Parse(edit.Bio, "bio");
            if (!parsed.Succeeded)
            {
                return parsed.Problem;
            }

            bio = parsed.Value;
        }

        return await store.EditProfileAsync(
            edit.Account,
            displayName,
            bio,
            edit.IsIndexable,
            token
        );
    }
}
