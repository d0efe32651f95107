using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Media.Pictures;

namespace Rookery.Media;

/// <summary>
/// Takes an uploaded picture: looks what it is, leaves out what it says about its maker, and stores it. Its row is made before its blob, so that whatever fails on
/// the way, what is left is found and removed.
/// </summary>
internal sealed partial class UploadMedia(
    IMediaStore store,
    IBlobStore blobs,
    IOptions<MediaOptions> options,
    ILogger<UploadMedia> logger
)
{
    public async Task<Result<Medium>> HandleAsync(
        AccountId owner,
        UploadPlace place,
        MediaText text,
        CancellationToken token
    )
    {
        if (place.Received is not { } file)
        {
            return Problem.Invalid("file", "file is missing; it must be a picture.");
        }

        var picture = file.ReadPicture(options.Value);
        if (!picture.Succeeded)
        {
            return picture.Problem;
        }

        var clean = place.NewFile();
        await clean.FillAsync(file, picture.Value, token);
        var medium = Describe(owner, picture.Value, text);
        var reserved = await store.ReserveAsync(medium, options.Value.QuotaBytes, token);
        if (!reserved.Succeeded)
        {
            return reserved.Problem;
        }

        await PutAsync(reserved.Value, medium, clean, token);
        return new Medium(
            reserved.Value,
            owner,
            medium.Blob,
            medium.Width,
            medium.Height,
            medium.Description,
            medium.Focus
        );
    }

    private static NewMedium Describe(AccountId owner, CleanPicture picture, MediaText text) =>
        new(
            owner,
            BlobName.Draw(picture.Kind),
            picture.Length,
            picture.Width,
            picture.Height,
            text.Description ?? "",
            text.Focus ?? default
        );

    private async Task PutAsync(
        MediaId id,
        NewMedium medium,
        IncomingFile clean,
        CancellationToken token
    )
    {
        try
        {
            clean.Content.Position = 0;
            await blobs.PutAsync(
                medium.Blob,
                clean.Content,
                clean.Length,
                medium.Blob.Kind.ContentType(),
                token
            );
            await store.KeepAsync(id, token);
        }
        catch
        {
            await GiveUpAsync(id, medium.Owner);
            throw;
        }
    }

    /// <summary>Makes room in the account's quota. Where that fails too, the row is removed with all that nobody took.</summary>
    private async Task GiveUpAsync(MediaId id, AccountId owner)
    {
        try
        {
            await store.GiveUpAsync(id, owner, CancellationToken.None);
        }
        catch (StoreUnavailableException fault)
        {
            NotGivenUp(logger, fault, id);
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "Upload {Medium} failed, and so did giving it up; it is removed when it lapses"
    )]
    private static partial void NotGivenUp(ILogger logger, Exception fault, MediaId medium);
}
