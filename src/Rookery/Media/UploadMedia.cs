using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Rookery.Media;

/// <summary>
/// Takes an uploaded picture or video: looks what it is, leaves out what it says about its maker, and stores it. Its row is made before its blob, so that whatever fails on
/// the way, what is left is found and removed.
/// </summary>
internal sealed partial class UploadMedia(
    IMediaStore store,
    IBlobStore blobs,
    IOptions<MediaOptions> options,
    ILogger<UploadMedia> logger
)
{
    /// <param name="field">Which of the files in the body it is.</param>
    public async Task<Result<Medium>> HandleAsync(
        AccountId owner,
        UploadPlace place,
        MediaText text,
        CancellationToken token,
        string field = UploadPlace.UsualField,
        MediaPurpose purpose = MediaPurpose.Post
    )
    {
        if (place.Received(field) is not { } file)
        {
            return Problem.Invalid(field, $"{field} is missing; it must be a picture or a video.");
        }

        var read = file.Read(options.Value, purpose);
        if (!read.Succeeded)
        {
            return read.Problem;
        }

        var clean = place.NewFile();
        await clean.FillAsync(file, read.Value, token);
        var medium = Describe(owner, read.Value, text) with { Purpose = purpose };
        var reserved = await store.ReserveAsync(medium, options.Value.Quota, token);
        if (!reserved.Succeeded)
        {
            return reserved.Problem;
        }

        if (!await PutAsync(reserved.Value, medium, clean, token))
        {
            return Problem.Unavailable(
                "The upload was removed while it was being stored, as those of a deleted account are; nothing is left of it. Upload it again."
            );
        }

        return new Medium(
            reserved.Value,
            owner,
            medium.Blob,
            medium.Width,
            medium.Height,
            medium.Description,
            medium.Focus,
            medium.Blurhash
        )
        {
            Milliseconds = medium.Milliseconds,
        };
    }

    private static NewMedium Describe(AccountId owner, CleanMedium clean, MediaText text) =>
        new(
            owner,
            BlobName.Draw(clean.Kind),
            clean.Length,
            clean.Width,
            clean.Height,
            text.Description ?? "",
            text.Focus ?? default,
            text.Blurhash ?? ""
        )
        {
            Milliseconds = clean.Milliseconds,
        };

    /// <summary>False where its row was removed meanwhile: then nothing is left of it.</summary>
    private async Task<bool> PutAsync(
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
            if (await store.KeepAsync(id, token))
            {
                return true;
            }
        }
        catch
        {
            await GiveUpAsync(id, medium);
            throw;
        }

        // Where it has no row nothing else would ever find it.
        await blobs.DeleteAsync(medium.Blob, CancellationToken.None);
        return false;
    }

    /// <summary>
    /// Makes room in the account's quota. Where that fails too, the row is removed with all that nobody took; where there is no row any more, nothing but this
    /// finds the blob.
    /// </summary>
    private async Task GiveUpAsync(MediaId id, NewMedium medium)
    {
        try
        {
            if (!await store.GiveUpAsync(id, medium.Owner, CancellationToken.None))
            {
                await blobs.DeleteAsync(medium.Blob, CancellationToken.None);
            }
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
