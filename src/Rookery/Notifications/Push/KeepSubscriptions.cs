using System.Buffers.Text;
using System.Net;
using Microsoft.Extensions.Options;
using Rookery.Accounts;

namespace Rookery.Notifications.Push;

/// <summary>A subscription as a browser or an app asks for it.</summary>
/// <param name="Token">The session's; the subscription ends with it.</param>
/// <param name="P256dh">In Base64.</param>
/// <param name="Auth">In Base64.</param>
/// <param name="TellsToken">The receiver has the token, and finds by it whose push it is.</param>
internal sealed record SubscribeRequest(
    AccountId Account,
    string Token,
    string Endpoint,
    string P256dh,
    string Auth,
    bool IsStandard,
    PushWishes Wishes,
    bool TellsToken,
    string Language,
    string Device
);

/// <summary>Makes, changes and ends the subscriptions of an account's sessions. What cannot be one is refused, with what would be right.</summary>
internal sealed class KeepSubscriptions(
    IPushStore store,
    SealTokens seal,
    IOptions<PushOptions> options
)
{
    public const string EndpointField = "subscription[endpoint]";
    public const string KeyField = "subscription[keys][p256dh]";
    public const string AuthField = "subscription[keys][auth]";

    /// <summary>Those of the services there are have some hundred characters.</summary>
    public const int LongestEndpoint = 2_000;

    /// <summary>More than the keys have, in any way to write them.</summary>
    public const int LongestKey = 200;

    private const int HttpsPort = 443;

    public static Problem None { get; } =
        Problem.NotFound("This token has no subscription to pushes.");

    public async Task<Result<PushSubscription>> SubscribeAsync(
        SubscribeRequest request,
        CancellationToken token
    )
    {
        var receiver = ReceiverOf(request);
        if (!receiver.Succeeded)
        {
            return receiver.Problem;
        }

        return TokenHash.TryOf(request.Token, out var session)
            ? await store.SubscribeAsync(
                new NewPushSubscription(
                    request.Account,
                    session,
                    receiver.Value,
                    request.Wishes,
                    request.TellsToken ? seal.Seal(request.Token, session) : default,
                    request.Language,
                    request.Device
                ),
                token
            )
            : None;
    }

    public async ValueTask<Result<PushSubscription>> OfTokenAsync(
        string authToken,
        CancellationToken token
    ) =>
        TokenHash.TryOf(authToken, out var session)
        && await store.OfSessionAsync(session, token) is { } found
            ? found
            : None;

    public ValueTask<IReadOnlyList<PushSubscription>> OfAsync(
        AccountId account,
        CancellationToken token
    ) => store.OfAsync(account, token);

    public async Task<Result<PushSubscription>> WishAsync(
        string authToken,
        PushWishes wishes,
        CancellationToken token
    ) =>
        TokenHash.TryOf(authToken, out var session)
        && await store.WishAsync(session, wishes, token) is { } changed
            ? changed
            : None;

    /// <summary>One that has ended meanwhile is as it should be.</summary>
    public async Task EndAsync(string authToken, CancellationToken token)
    {
        if (await OfTokenAsync(authToken, token) is { Succeeded: true, Value: var found })
        {
            await store.RemoveAsync(found.Account, [found.Id], token);
        }
    }

    /// <summary>Another's is left alone.</summary>
    public Task EndAsync(
        AccountId account,
        PushSubscriptionId subscription,
        CancellationToken token
    ) => store.RemoveAsync(account, [subscription], token);

    public async Task<Result<Done>> TestAsync(string authToken, CancellationToken token) =>
        TokenHash.TryOf(authToken, out var session) && await store.TestAsync(session, token)
            ? Done.Instance
            : None;

    private Result<PushReceiver> ReceiverOf(SubscribeRequest request)
    {
        if (WrongWith(request.Endpoint, options.Value) is { } wrong)
        {
            return Problem.Invalid(EndpointField, $"{EndpointField} {wrong}.");
        }

        if (BytesOf(request.P256dh) is not { } key || !EncryptPush.IsPoint(key))
        {
            return Problem.Invalid(
                KeyField,
                $"{KeyField} must be an uncompressed point of P-256 in Base64url: {EncryptPush.PointBytes} bytes, the first of them 4."
            );
        }

        return BytesOf(request.Auth) is { Length: EncryptPush.AuthBytes } auth
            ? new PushReceiver(request.Endpoint, key, auth, request.IsStandard)
            : Problem.Invalid(
                AuthField,
                $"{AuthField} must be {EncryptPush.AuthBytes} bytes in Base64url."
            );
    }

    /// <summary>Null for an address that pushes may go to. To what its name leads is looked at when it is connected to.</summary>
    private static string? WrongWith(string endpoint, PushOptions options)
    {
        if (
            endpoint.Length > LongestEndpoint
            || !Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("https" or "http")
            || uri.UserInfo.Length + uri.Fragment.Length > 0
        )
        {
            return $"must be the https address of a push service, of at most {LongestEndpoint} characters, without a user and without #";
        }

        if (options.IsOwn(uri))
        {
            return null;
        }

        if (uri.Scheme != "https" || uri.Port != HttpsPort)
        {
            return $"must begin with https:// and name no port but {HttpsPort}";
        }

        return
            uri.IsLoopback
            || (IPAddress.TryParse(uri.IdnHost, out var address) && !PublicAddress.Is(address))
            ? "must be an address in the internet, and not of a machine or a network of one's own"
            : null;
    }

    /// <summary>Browsers write Base64url without padding; some apps write the other Base64.</summary>
    private static byte[]? BytesOf(string text)
    {
        var url = text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return url.Length <= LongestKey && Base64Url.IsValid(url)
            ? Base64Url.DecodeFromChars(url)
            : null;
    }
}
