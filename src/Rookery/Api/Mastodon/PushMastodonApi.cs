using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Mail;
using Rookery.Notifications.Push;

namespace Rookery.Api.Mastodon;

/// <summary>Where the caller's client gets pushes: one subscription for each token.</summary>
internal sealed class PushMastodonApi(Callers callers, KeepSubscriptions keep, VapidKeys keys)
{
    private const string Path = "/api/v1/push/subscription";
    private const string Standard = "subscription[standard]";
    private const string Policy = "policy";
    private const string NestedPolicy = $"data[{Policy}]";
    private const int LongestPolicy = 20;

    private const string Example =
        """{"id":"7","endpoint":"https://push.example/one","standard":true,"alerts":{"mention":true,"status":false},"policy":"all","server_key":"BJ…"}""";

    private static readonly (string Name, PushPolicy Policy)[] _policies =
    [
        ("all", PushPolicy.All),
        ("followed", PushPolicy.Followed),
        ("follower", PushPolicy.Follower),
        ("none", PushPolicy.None),
    ];

    private static readonly AnswerDoc _none = new(404, "This token has no subscription");

    private static readonly IReadOnlyList<FieldDoc> _wishes =
    [
        .. PushAlerts.All.Select(alert =>
            OptionalFlag(AlertField(alert), $"Whether `{alert}` is pushed; false when not given.")
        ),
        new(
            NestedPolicy,
            FieldType.Text,
            FieldPlace.Body,
            "Of whose doings: `all`, `followed`, `follower` or `none`; `all` when not given.",
            false,
            1,
            LongestPolicy
        ),
        new(
            Policy,
            FieldType.Text,
            FieldPlace.Body,
            $"The same, where `{NestedPolicy}` is not given.",
            false,
            1,
            LongestPolicy
        ),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = ActivatorUtilities.CreateInstance<PushMastodonApi>(routes.ServiceProvider);
        routes.MapMastodon(
            "POST",
            Path,
            api.SubscribeAsync,
            NotificationsDoc.Of(
                "Subscribe to pushes, in the place of what the token was subscribed to",
                [
                    Required(
                        KeepSubscriptions.EndpointField,
                        "Where the push service takes pushes for the client.",
                        KeepSubscriptions.LongestEndpoint
                    ),
                    Required(
                        KeepSubscriptions.KeyField,
                        "The client's public key, a point of P-256, in Base64url.",
                        KeepSubscriptions.LongestKey
                    ),
                    Required(
                        KeepSubscriptions.AuthField,
                        "16 bytes that the client drew, in Base64url.",
                        KeepSubscriptions.LongestKey
                    ),
                    OptionalFlag(
                        Standard,
                        "Encrypt as RFC 8291 has it; otherwise as its draft `aesgcm`."
                    ),
                    .. _wishes,
                ],
                new AnswerDoc(200, "The subscription", Example)
            )
        );
        routes.MapMastodon(
            "GET",
            Path,
            api.ReadAsync,
            NotificationsDoc.Of(
                "What the token is subscribed to",
                [],
                new AnswerDoc(200, "The subscription", Example),
                _none
            )
        );
        routes.MapMastodon(
            "PUT",
            Path,
            api.WishAsync,
            NotificationsDoc.Of(
                "Choose of what to be pushed",
                _wishes,
                new AnswerDoc(200, "The subscription", Example),
                _none
            )
        );
        routes.MapMastodon(
            "DELETE",
            Path,
            api.EndAsync,
            NotificationsDoc.Of(
                "Get no more pushes",
                [],
                new AnswerDoc(200, "Done, now or before", "{}")
            )
        );
    }

    private static FieldDoc Required(string name, string description, int max) =>
        new(name, FieldType.Text, FieldPlace.Body, description, true, 1, max);

    private static FieldDoc OptionalFlag(string name, string description) =>
        new(name, FieldType.Flag, FieldPlace.Body, description, false);

    private static string AlertField(string alert) => $"data[alerts][{alert}]";

    private async Task<Problem?> SubscribeAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        var token = Callers.TokenOf(context, fields) ?? "";
        var request = new SubscribeRequest(
            caller.Succeeded ? caller.Value : default,
            token,
            fields.Text(KeepSubscriptions.EndpointField, KeepSubscriptions.LongestEndpoint),
            fields.Text(KeepSubscriptions.KeyField, KeepSubscriptions.LongestKey),
            fields.Text(KeepSubscriptions.AuthField, KeepSubscriptions.LongestKey),
            fields.Flag(Standard),
            WishesIn(fields),
            // No script can read the token of a page, and no push may tell it.
            TellsToken: context.Features.Get<SayProblem>() is null,
            LanguageOf(context.Request),
            Device.Of(context.Request.Headers.UserAgent)
        );
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        return await AnswerAsync(
            context,
            await keep.SubscribeAsync(request, context.RequestAborted)
        );
    }

    private async Task<Problem?> ReadAsync(HttpContext context)
    {
        var fields = RequestFields.OfQuery(context);
        var caller = await callers.RequireAsync(context, fields);
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        var token = Callers.TokenOf(context, fields) ?? "";
        return await AnswerAsync(context, await keep.OfTokenAsync(token, context.RequestAborted));
    }

    private async Task<Problem?> WishAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        var wishes = WishesIn(fields);
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        var token = Callers.TokenOf(context, fields) ?? "";
        return await AnswerAsync(
            context,
            await keep.WishAsync(token, wishes, context.RequestAborted)
        );
    }

    private async Task<Problem?> EndAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        var caller = await callers.RequireAsync(context, fields);
        if ((caller.Problem ?? fields.Problem) is { } wrong)
        {
            return wrong;
        }

        await keep.EndAsync(Callers.TokenOf(context, fields) ?? "", context.RequestAborted);
        return await context.AnswerEmptyAsync<Done>(Done.Instance);
    }

    private async Task<Problem?> AnswerAsync(HttpContext context, Result<PushSubscription> found)
    {
        if (!found.Succeeded)
        {
            return found.Problem;
        }

        var key = (await keys.GetAsync(context.RequestAborted)).PublicKey;
        return await context.AnswerValueAsync(
            200,
            found.Value,
            (json, one) => Write(json, one, key)
        );
    }

    private static PushWishes WishesIn(RequestFields fields) =>
        new(
            PushAlerts
                .All.Where(alert => fields.Flag(AlertField(alert)))
                .ToHashSet(StringComparer.Ordinal),
            PolicyIn(fields, NestedPolicy) ?? PolicyIn(fields, Policy) ?? PushPolicy.All
        );

    private static PushPolicy? PolicyIn(RequestFields fields, string name)
    {
        if (fields.OptionalText(name, LongestPolicy) is not { } policy)
        {
            return null;
        }

        if (Array.Find(_policies, one => one.Name == policy) is { Name: not null } known)
        {
            return known.Policy;
        }

        fields.Refuse(name, "must be all, followed, follower or none");
        return null;
    }

    /// <summary>The first that it asks for, which is what its owner chose.</summary>
    private static string LanguageOf(HttpRequest request) =>
        MailWords
            .Of(request.Headers.AcceptLanguage.ToString().Split(',', ';')[0].Trim().Split('-')[0])
            .Code;

    private static void Write(Utf8JsonWriter json, PushSubscription one, string key)
    {
        json.WriteStartObject();
        json.WriteString("id", one.Id.ToString());
        json.WriteString("endpoint", one.Receiver.Endpoint);
        json.WriteBoolean("standard", one.Receiver.IsStandard);
        json.WriteStartObject("alerts");
        foreach (var alert in PushAlerts.All)
        {
            json.WriteBoolean(alert, one.Wishes.Alerts.Contains(alert));
        }

        json.WriteEndObject();
        json.WriteString(
            Policy,
            _policies.First(policy => policy.Policy == one.Wishes.Policy).Name
        );
        json.WriteString("server_key", key);
        json.WriteEndObject();
    }
}
