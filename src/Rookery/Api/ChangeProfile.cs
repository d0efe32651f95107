using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Rookery.Accounts;
using Rookery.Media;

namespace Rookery.Api;

/// <summary>
/// Changes what others see of an account, pictures among it. The texts are looked at before anything is stored; a picture that is stored for a change that is
/// refused is removed again.
/// </summary>
internal sealed class ChangeProfile(
    FilesHere files,
    ReceiveUpload receive,
    UploadMedia upload,
    RemoveMedia remove,
    EditProfile edit,
    IOptions<MediaOptions> media
)
{
    public const string Avatar = "avatar";
    public const string Header = "header";

    private static readonly string[] _pictures = [Avatar, Header];

    /// <summary>Otherwise what else is changed is.</summary>
    public bool TakesPictures => files.AreStored;

    public static bool IsMultipart(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <summary>A place for the files of the account's that the body may hold.</summary>
    public Result<UploadPlace> Open(HttpContext context, AccountId account) =>
        receive.Open(account, ClientAddress.KeyOf(context.Connection.RemoteIpAddress), _pictures);

    /// <summary>The fields beside the files, which go to the place.</summary>
    public async Task<Result<RequestFields>> ReadAsync(HttpContext context, UploadPlace place)
    {
        var sent = await UploadBody.ReadAsync(
            context,
            place,
            (int)
                Math.Min(
                    int.MaxValue,
                    MultipartFields.UsualTextBytes + ((long)_pictures.Length * media.Value.MaxBytes)
                ),
            TimeSpan.FromSeconds(media.Value.UploadSeconds)
        );
        return sent.Succeeded ? RequestFields.Of(context, sent.Value) : sent.Problem;
    }

    /// <param name="place">What the body's files are in; null for a body without.</param>
    /// <param name="isEmptyNothing">As browsers send a field of a form in which no file was chosen.</param>
    public async Task<Result<AccountCard>> HandleAsync(
        ProfileEdit wanted,
        UploadPlace? place,
        bool isEmptyNothing,
        CancellationToken token
    )
    {
        if (EditProfile.Wrong(wanted) is { } wrong)
        {
            return wrong;
        }

        var stored = new Dictionary<string, MediaId>();
        foreach (var field in _pictures)
        {
            if (place?.Received(field) is not { } file || (isEmptyNothing && file.Length == 0))
            {
                continue;
            }

            var medium = await StoreAsync(wanted.Account, place, field, token);
            if (!medium.Succeeded)
            {
                await remove.RemoveUnusedAsync([.. stored.Values]);
                return medium.Problem;
            }

            stored.Add(field, medium.Value.Id);
        }

        var edited = await edit.HandleAsync(
            wanted with
            {
                Avatar = New(stored, Avatar) ?? wanted.Avatar,
                Header = New(stored, Header) ?? wanted.Header,
            },
            token
        );
        if (!edited.Succeeded)
        {
            await remove.RemoveUnusedAsync([.. stored.Values]);
        }

        return edited;
    }

    private async Task<Result<Medium>> StoreAsync(
        AccountId owner,
        UploadPlace place,
        string field,
        CancellationToken token
    )
    {
        var stored = await upload.HandleAsync(
            owner,
            place,
            new MediaText(null, null, null),
            token,
            field,
            MediaPurpose.Profile
        );
        return stored.Succeeded ? stored : UploadPlace.Named(stored.Problem, field);
    }

    private static PictureEdit? New(Dictionary<string, MediaId> stored, string field) =>
        stored.TryGetValue(field, out var id) ? new PictureEdit(id) : null;
}
