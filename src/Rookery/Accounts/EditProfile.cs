using Rookery.Media;

namespace Rookery.Accounts;

/// <summary>What is to become of a picture: another is shown, or none any more.</summary>
internal readonly record struct PictureEdit(MediaId? New)
{
    public static PictureEdit Remove => default;
}

/// <summary>What is to be changed; null stays as it is.</summary>
internal sealed record ProfileEdit(
    AccountId Account,
    string? DisplayName,
    string? Bio,
    bool? IsIndexable = null
)
{
    /// <summary>Who wants to follow it asks first, or no longer does.</summary>
    public bool? IsLocked { get; init; }

    /// <summary>What the caller calls its texts.</summary>
    public string NameField { get; init; } = "name";

    /// <inheritdoc cref="NameField"/>
    public string BioField { get; init; } = "bio";

    /// <summary>A new one was uploaded for this.</summary>
    public PictureEdit? Avatar { get; init; }

    /// <inheritdoc cref="Avatar"/>
    public PictureEdit? Header { get; init; }
}

/// <summary>Changes what others see of an account.</summary>
internal sealed class EditProfile(IAccountStore store, IMedia media, TimeProvider time)
{
    /// <summary>Many times what storing a change takes.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);

    public async Task<Result<AccountCard>> HandleAsync(ProfileEdit edit, CancellationToken token)
    {
        var texts = Read(edit);
        if (!texts.Succeeded)
        {
            return texts.Problem;
        }

        var pictures = await HoldAsync(edit, token);
        return pictures.Succeeded
            ? await store.EditProfileAsync(
                edit.Account,
                texts.Value.DisplayName,
                texts.Value.Bio,
                edit.IsIndexable,
                token,
                pictures.Value,
                edit.IsLocked
            )
            : pictures.Problem;
    }

    /// <summary>What is wrong with its texts: for who stores pictures for it before it is made.</summary>
    public static Problem? Wrong(ProfileEdit edit) => Read(edit).Problem;

    private static Result<Texts> Read(ProfileEdit edit)
    {
        DisplayName? displayName = null;
        if (edit.DisplayName is not null)
        {
            var parsed = DisplayName.Parse(edit.DisplayName, edit.NameField);
            if (!parsed.Succeeded)
            {
                return parsed.Problem;
            }

            displayName = parsed.Value;
        }

        Bio? bio = null;
        if (edit.Bio is not null)
        {
            var parsed = Bio.Parse(edit.Bio, edit.BioField);
            if (!parsed.Succeeded)
            {
                return parsed.Problem;
            }

            bio = parsed.Value;
        }

        return new Texts(displayName, bio);
    }

    /// <summary>Until the change is stored nobody removes what it shows.</summary>
    private async ValueTask<Result<ProfilePictures>> HoldAsync(
        ProfileEdit edit,
        CancellationToken token
    )
    {
        MediaId[] wanted =
        [
            .. new[] { edit.Avatar?.New, edit.Header?.New }.OfType<MediaId>().Distinct(),
        ];
        var until = time.GetUtcNow() + Hold;
        IReadOnlyList<Medium> held =
            wanted.Length == 0
                ? []
                : await media.HoldAsync(edit.Account, wanted, MediaPurpose.Profile, until, token);
        return wanted.FirstOrDefault(id => held.All(one => one.Id != id)) is { Value: > 0 } missing
            ? Problem.NotFound($"There is no picture {missing}; upload it again.")
            : new ProfilePictures(Of(edit.Avatar, held), Of(edit.Header, held), until);
    }

    private static ProfilePicture? Of(PictureEdit? edit, IReadOnlyList<Medium> held) =>
        edit is not { } change ? null
        : change.New is { } id ? new ProfilePicture(id, held.First(one => one.Id == id).Blob)
        : default(ProfilePicture);

    private sealed record Texts(DisplayName? DisplayName, Bio? Bio);
}
