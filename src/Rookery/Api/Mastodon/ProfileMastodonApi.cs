using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Posts;

namespace Rookery.Api.Mastodon;

/// <summary>What others see of one's account: changing it, and removing its pictures.</summary>
internal sealed class ProfileMastodonApi(
    Callers callers,
    ChangeProfile change,
    ReadPostingDefaults defaults,
    ChangePostingDefaults changeDefaults,
    CountRequests requests,
    SiteAddress site
)
{
    private const string Name = "display_name";
    private const string Note = "note";
    private const string Indexable = "indexable";
    private const string Locked = "locked";
    private const string Privacy = "source[privacy]";
    private const string Sensitive = "source[sensitive]";

    private const string Source =
        """{"note":"Birds","fields":[],"privacy":"public","sensitive":false,"language":"","follow_requests_count":0,"hide_collections":false,"discoverable":true,"indexable":true,"attribution_domains":[],"quote_policy":"nobody"}""";

    private const string Example = $$"""{{{SearchDoc.AccountFields}},"source":{{Source}}}""";

    private static readonly FieldDoc Token = new(
        "auth_token",
        FieldType.Text,
        FieldPlace.Query,
        "The token, unless it stands in the Authorization header.",
        false,
        1,
        Callers.LongestToken
    );

    public static void Map(IEndpointRouteBuilder routes) =>
        ActivatorUtilities
            .CreateInstance<ProfileMastodonApi>(routes.ServiceProvider)
            .MapAll(routes);

    private void MapAll(IEndpointRouteBuilder routes)
    {
        routes.MapMastodon(
            "PATCH",
            "/api/v1/accounts/update_credentials",
            ChangeAsync,
            Doc(
                "Change what others see; what is not sent stays",
                Text(Name, "Display name, 1 to 50 characters.", 1, DisplayName.MaxLength),
                Text(Note, "A few words about oneself; may be empty.", 0, Bio.MaxLength),
                new FieldDoc(
                    Indexable,
                    FieldType.Flag,
                    FieldPlace.Body,
                    "Whether strangers may find what one posts by searching.",
                    false
                ),
                new FieldDoc(
                    Locked,
                    FieldType.Flag,
                    FieldPlace.Body,
                    "Whether who wants to follow has to ask; false at first. Who has asked follows when it becomes false.",
                    false
                ),
                new FieldDoc(
                    Privacy,
                    FieldType.Text,
                    FieldPlace.Body,
                    "For whom one's posts are where nothing else is said: `public`, `unlisted` or `private`.",
                    false
                ),
                new FieldDoc(
                    Sensitive,
                    FieldType.Flag,
                    FieldPlace.Body,
                    "Whether the media of one's posts are hidden at first where nothing else is said.",
                    false
                ),
                Picture(ChangeProfile.Avatar, "The picture beside what one posts."),
                Picture(ChangeProfile.Header, "The wide picture on one's profile.")
            ) with
            {
                Answers =
                [
                    new(200, "The account", Example),
                    new(403, "The account's uploads take all the room that they may"),
                    new(408, "The files did not arrive in time"),
                    new(413, "A file is too large"),
                    new(503, "Nothing can be stored right now"),
                ],
            }
        );
        MapRemoval(
            routes,
            ChangeProfile.Avatar,
            "Remove the picture beside what one posts",
            edit => edit with { Avatar = PictureEdit.Remove }
        );
        MapRemoval(
            routes,
            ChangeProfile.Header,
            "Remove the wide picture on one's profile",
            edit => edit with { Header = PictureEdit.Remove }
        );
    }

    private void MapRemoval(
        IEndpointRouteBuilder routes,
        string picture,
        string summary,
        Func<ProfileEdit, ProfileEdit> removal
    ) =>
        routes.MapMastodon(
            "DELETE",
            $"/api/v1/profile/{picture}",
            context => RemoveAsync(context, removal),
            Doc(summary)
        );

    private static RouteDoc Doc(string summary, params IReadOnlyList<FieldDoc> fields) =>
        new(summary, AuthKind.Token)
        {
            Fields = [MastodonRoutes.Token, Token, .. fields],
            Answers = [new(200, "The account", Example)],
        };

    private static FieldDoc Text(string name, string description, int min, int max) =>
        new(name, FieldType.Text, FieldPlace.Body, description, false, min, max);

    private static FieldDoc Picture(string name, string description) =>
        new(
            name,
            FieldType.File,
            FieldPlace.Body,
            $"{description} A JPEG, PNG, GIF or WebP. What it says about its maker is removed.",
            false
        );

    private async Task<Problem?> ChangeAsync(HttpContext context)
    {
        // Whose pictures they are must be known before they are received, and hold when they are stored.
        var query = RequestFields.OfQuery(context);
        var caller = await callers.RequireAsync(context, query);
        if (!caller.Succeeded)
        {
            return caller.Problem;
        }

        if (!change.TakesPictures || !ChangeProfile.IsMultipart(context.Request))
        {
            var fields = await RequestFields.ReadAsync(context);
            return await ChangeAsync(context, caller.Value, fields, null);
        }

        var opened = change.Open(context, caller.Value);
        if (!opened.Succeeded)
        {
            return opened.Problem;
        }

        await using var place = opened.Value;
        var sent = await change.ReadAsync(context, place);
        return !sent.Succeeded
            ? sent.Problem
            : await callers.RefuseEndedAsync(context, query)
                ?? await ChangeAsync(context, caller.Value, sent.Value, place);
    }

    private async Task<Problem?> ChangeAsync(
        HttpContext context,
        AccountId account,
        RequestFields fields,
        Media.UploadPlace? place
    )
    {
        var edit = new ProfileEdit(
            account,
            fields.OptionalText(Name, min: 0),
            fields.OptionalText(Note, min: 0),
            fields.OptionalFlag(Indexable)
        )
        {
            NameField = Name,
            BioField = Note,
            IsLocked = fields.OptionalFlag(Locked),
        };
        var (visibility, isSensitive) = (PrivacyIn(fields), fields.OptionalFlag(Sensitive));
        foreach (var picture in (string[])[ChangeProfile.Avatar, ChangeProfile.Header])
        {
            if (fields.Has(picture))
            {
                fields.Refuse(picture, NoFile(fields, picture));
            }
        }

        if (fields.Problem is { } wrong)
        {
            return wrong;
        }

        var changed = await change.HandleAsync(
            edit,
            place,
            isEmptyNothing: false,
            context.RequestAborted
        );
        if (changed.Succeeded && (visibility is not null || isSensitive is not null))
        {
            var kept = await changeDefaults.HandleAsync(
                account,
                visibility,
                isSensitive,
                Privacy,
                context.RequestAborted
            );
            if (!kept.Succeeded)
            {
                return kept.Problem;
            }
        }

        return await AnswerAsync(context, changed);
    }

    private static Visibility? PrivacyIn(RequestFields fields)
    {
        if (fields.Sent("source").Kind == FieldKind.Object)
        {
            fields.Refuse("source", $"is read from forms alone, as {Privacy} and {Sensitive}");
        }

        if (fields.OptionalText(Privacy) is not { } sent)
        {
            return null;
        }

        var named = PreferencesMastodonApi.Named(sent);
        if (named is null or Visibility.Direct)
        {
            fields.Refuse(Privacy, "must be public, unlisted or private");
        }

        return named;
    }

    private static string NoFile(RequestFields fields, string picture) =>
        fields.Sent(picture).Kind == FieldKind.File
            ? "cannot be stored here: this server keeps the files of media elsewhere"
            : "must be a picture, as a file in multipart/form-data";

    private async Task<Problem?> RemoveAsync(
        HttpContext context,
        Func<ProfileEdit, ProfileEdit> removal
    )
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        return caller.Problem
            ?? fields.Problem
            ?? await AnswerAsync(
                context,
                await change.HandleAsync(
                    removal(new ProfileEdit(caller.Value, null, null)),
                    null,
                    isEmptyNothing: false,
                    context.RequestAborted
                )
            );
    }

    private async Task<Problem?> AnswerAsync(HttpContext context, Result<AccountCard> account)
    {
        if (!account.Succeeded)
        {
            return account.Problem;
        }

        var here = MastodonSite.Of(site, context.Request);
        var own = await defaults.HandleAsync(account.Value.Id, context.RequestAborted);
        var asked = account.Value.IsLocked
            ? await requests.HandleAsync(account.Value.Id, context.RequestAborted)
            : 0;
        return await context.AnswerValueAsync(
            200,
            account.Value,
            (json, found) => AccountEntity.WriteOwn(json, found, own, asked, here)
        );
    }
}
