using Rookery.Api;
using Rookery.Posts;
using Rookery.TestKit;

namespace Rookery.SystemTests.Routes;

/// <summary>
/// The people and posts that a request can be about, and for every field of every route a value that is right. A field of a new route that has none
/// here fails the tests, until somebody says what would be right.
/// </summary>
internal sealed class Scene
{
    /// <summary>No i, l, o and no digits: no two of the names look alike.</summary>
    private const string Letters = "abcdefghjkmnpqrstuvwxyz";

    private static readonly string[] _paging =
    [
        "max_id",
        "since_id",
        "min_id",
        "below_id",
        "above_id",
        "home[last_read_id]",
        "notifications[last_read_id]",
    ];
    private static int _names;

    public required ClassicClient Me { get; init; }

    public required ClassicClient Other { get; init; }

    /// <summary>Follows me.</summary>
    public required ClassicClient Fan { get; init; }

    public required PostId MyPost { get; init; }

    public required PostId OthersPost { get; init; }

    /// <summary>A picture that I have uploaded, and its file's name.</summary>
    public required (MediaId Id, string File) MyMedium { get; init; }

    public required (MediaId Id, string File) OthersMedium { get; init; }

    /// <summary>What I was told: that other likes my post.</summary>
    public required long MyNotification { get; init; }

    /// <summary>A direct post to nobody: it does not exist for anybody else.</summary>
    public required PostId OthersSecret { get; init; }

    public static async Task<Scene> MakeAsync(HttpClient http, CancellationToken stop)
    {
        var me = await SignUpAsync(http, stop);
        var other = await SignUpAsync(http, stop);
        var mine = await PostAsync(me, Visibility.Public, stop);
        (await other.MarkAsync("like", mine, stop)).Require(200);
        await SubscribeAsync(http, me, stop);
        return new Scene
        {
            Me = me,
            Other = other,
            MyPost = mine,
            OthersPost = await PostAsync(other, Visibility.Public, stop),
            MyMedium = await UploadAsync(http, me, stop),
            OthersMedium = await UploadAsync(http, other, stop),
            OthersSecret = await PostAsync(other, Visibility.Direct, stop),
            MyNotification = await HearAsync(new NotifiedClient(http, me.Token), stop),
            Fan = await FollowAsync(http, me, stop),
        };
    }

    private static async Task<ClassicClient> FollowAsync(
        HttpClient http,
        ClassicClient me,
        CancellationToken stop
    )
    {
        var fan = await SignUpAsync(http, stop);
        (await fan.RelateAsync("follow", me.Id, stop)).Require(200);
        return fan;
    }

    private static async Task SubscribeAsync(
        HttpClient http,
        ClassicClient person,
        CancellationToken stop
    )
    {
        using var client = new PushClient();
        var subscribed = await new Caller(http, person.Token).SendAsync(
            HttpMethod.Post,
            "/api/v1/push/subscription",
            client.Subscription("https://push.example/one"),
            stop
        );
        subscribed.Require(200);
    }

    /// <summary>Behind the request that it tells of.</summary>
    private static async Task<long> HearAsync(NotifiedClient me, CancellationToken stop)
    {
        var id = 0L;
        await Wait.UntilAsync(
            async () =>
            {
                var told = await me.ListAsync(stop);
                id = told.Count > 0 ? Answer.IdOf(told[0].GetProperty("id")) : 0;
                return id != 0;
            },
            () => "a like is told",
            stop
        );
        return id;
    }

    public static Task<ClassicClient> SignUpAsync(HttpClient http, CancellationToken stop) =>
        ClassicClient.SignUpAsync(http, NewName(), stop);

    /// <summary>True where <paramref name="field"/> must name the caller, or something of the caller's.</summary>
    public static bool IsOwn(Route route, string field) =>
        (route.ToString(), field)
            is
                ("POST /api/v1/tweet" or "GET /api/v1/home_timeline", "user_id")
                or
                ("DELETE /api/v1/tweet/{tweet_id}", "tweet_id");

    /// <summary>Another's does not exist for the caller, so nobody is told that it is another's.</summary>
    public static bool IsHidden(Route route) =>
        IsOfMedia(route)
        // Who has asked one has not asked another.
        || route.Path.EndsWith("/authorize", StringComparison.Ordinal)
        || IsOfToken(route)
        || route.Doc.Fields.Any(field =>
            field.Name == "group_key" || (field.Name == "id" && IsOfNotifications(route))
        );

    private static bool IsOfMedia(Route route) =>
        route.Path.StartsWith("/api/v1/media/", StringComparison.Ordinal);

    private static bool IsOfNotifications(Route route) =>
        route.Path.StartsWith("/api/v1/notifications/", StringComparison.Ordinal);

    /// <summary>What was made with one token is nobody else's.</summary>
    private static bool IsOfToken(Route route) =>
        route.ToString() is "GET /api/v1/push/subscription" or "PUT /api/v1/push/subscription";

    private static bool IsAct(Route route) =>
        route.Path.EndsWith("/follow", StringComparison.Ordinal)
        || route.Path.EndsWith("/unfollow", StringComparison.Ordinal)
        || route.Path.EndsWith("/remove_from_followers", StringComparison.Ordinal);

    /// <summary>A cursor: any id is right, whether there is such a post or not.</summary>
    public static bool IsPaging(FieldDoc field) => _paging.Contains(field.Name);

    /// <summary>Without it the request is wrong. One of the two ways to name an account must be taken.</summary>
    public static bool IsNeeded(Route route, FieldDoc field) =>
        field.Required
        || (route.ToString(), field.Name) is ("GET /api/v1/user", "user_id")
        || (field.Name == "auth_token" && route.Doc.Auth == AuthKind.Token);

    /// <summary>The longest text that is right, where the route's own description does not say it.</summary>
    public static long LongestOf(FieldDoc field) =>
        field.Max
        ?? field.Name switch
        {
            "status" or "spoiler_text" => 500,
            // Whatever is longer than what there is: not found, or not the password.
            "username" or "password" => 200,
            "type" or "access_token" or "tagged" or "expand_accounts" => 200,
            "stream" or "tag" or "last_event_id" => 200,
            "visibility" or "source[privacy]" => 20,
            _ => throw new InvalidOperationException($"How long may {field.Name} be?"),
        };

    /// <summary>Texts that control characters are removed from, or that are only compared: they need not be refused.</summary>
    public static bool TakesControls(string field) =>
        field
            is "status"
                or "spoiler_text"
                or "content"
                or "tweet"
                or "query"
                or "q"
                or "password"
                or "new_password"
                or "token";

    /// <summary>What roles ask each other has an answer also for those who do not exist.</summary>
    public static bool AsksAboutAnybody(Route route) =>
        route.Path.StartsWith("/internal/", StringComparison.Ordinal);

    /// <summary>A value that is right; null for a field that is best left out.</summary>
    public string? GoodValue(Route route, FieldDoc field) =>
        field.Name switch
        {
            "token" => Me.Token,
            // A medium stands on one post, and these are sent with many.
            "auth_token" or "access_token" or "media_ids" => null,
            "name" or "display_name" => "Ali",
            "content" or "tweet" or "status" => "Hello",
            "bio" or "note" => "A few words",
            "username" when route.Path.EndsWith("/forgot_password", StringComparison.Ordinal) =>
                "nobody",
            "username" => route.Path.EndsWith("/signup", StringComparison.Ordinal)
                ? NewName()
                : Me.Username,
            "email" => "somebody@example.org",
            "password" => ClassicClient.Password,
            "new_password" => "another horse battery",
            "visibility" or "source[privacy]" => "unlisted",
            "duration" => "60",
            "indexable" or "locked" or "from_below" or "sensitive" or "source[sensitive]" =>
                "false",
            "spoiler_text" => "A warning",
            "count" => "5",
            "may_read" => "100",
            "hashtag" or "tag" or "tagged" => "tag",
            "only_media" or "exclude_replies" or "exclude_reblogs" or "pinned" => "true",
            "stream" => "user",
            "last_event_id" => "5-5",
            "acct" => Other.Username,
            "query" or "q" => "hello",
            "type" => "statuses",
            "limit" or "offset" => "5",
            "resolve" or "following" => "true",
            // Whoever was let in before is let in once more.
            "account_id" when route.Path.Contains("/follow_requests/", StringComparison.Ordinal) =>
                Fan.Id.ToString(),
            "account_id" => Other.Id.ToString(),
            "in_reply_to" => OthersPost.ToString(),
            _ when IsPaging(field) => MyPost.ToString(),
            "id" when IsOfMedia(route) => MyMedium.Id.ToString(),
            "id" when IsOfNotifications(route) => $"{MyNotification}",
            "group_key" => $"ungrouped-{MyNotification}",
            "types" or "exclude_types" or "grouped_types" => "mention",
            "expand_accounts" => "full",
            "timeline" => "notifications",
            "notify" => "true",
            "subscription[endpoint]" => "https://push.example/one",
            // A point of the curve: the one that all others are multiples of.
            "subscription[keys][p256dh]" =>
                "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
            "subscription[keys][auth]" => "AAAAAAAAAAAAAAAAAAAAAA",
            "subscription[standard]" => "true",
            "data[policy]" or "policy" => "followed",
            "session" => "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
            _ when field.Name.StartsWith("data[alerts][", StringComparison.Ordinal) => "true",
            // The same account must not be followed by itself.
            "id" when IsAct(route) => Other.Id.ToString(),
            "medium" => OthersMedium.File,
            "description" => "A rook on a roof",
            "comment" => "A few words",
            "category" => "spam",
            "status_ids" => OthersPost.ToString(),
            "is_suspended" => "true",
            "version" => "5",
            "focus" => "0.25,-0.5",
            "blurhash" => "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
            "tweet_id" or "id" when IsPost(route, field) => (
                route.Method == "DELETE" || !route.IsClient ? MyPost : OthersPost
            ).ToString(),
            "searcher_id" or "followee_id" or "user_ids" or "ids" => Other.Id.ToString(),
            "names" => Other.Username,
            // It is closed for good, and the others are needed.
            "user_id" when route.Path.StartsWith("/internal/posts/", StringComparison.Ordinal) =>
                "77",
            "user_id" when route.IsClient && !IsOwn(route, field.Name) => Other.Id.ToString(),
            "user_id" or "id" or "follower_id" or "tweeter_id" => Me.Id.ToString(),
            _ => throw new InvalidOperationException(
                $"What would be right for {field.Name} of {route}? Say it here."
            ),
        };

    /// <summary>An id that is well-formed, and not the caller's to name; null where anybody's is right.</summary>
    public Sample? SomebodyElses(Route route, FieldDoc field)
    {
        if (field.Type != FieldType.Id || IsPaging(field) || field.IsLenient)
        {
            return null;
        }

        if (IsOfMedia(route))
        {
            return Elses(OthersMedium.Id.ToString(), Refusal.NotFound);
        }

        if (IsPost(route, field))
        {
            return route.IsClient ? Elses(OthersSecret.ToString(), Refusal.NotFound)
                : route.Path == "/tweet/{user_id}" ? Elses(OthersPost.ToString(), Refusal.Refused)
                : null;
        }

        return IsOwn(route, field.Name) ? Elses(Other.Id.ToString(), Refusal.Refused) : null;
    }

    /// <summary>Fields that are sent, with right values: those that are needed, or all.</summary>
    public IEnumerable<SentField> Good(Route route, bool all, Carrier body) =>
        from field in route.Doc.Fields
        where all || IsNeeded(route, field)
        // Pictures of accounts are pictures; a video may have a still one beside it.
        let sample = field.Type == FieldType.File
            ? Sample.FileOf(field.Name == "file" ? new SampleMp4().ToArray() : SamplePictures.Png())
        : GoodValue(route, field) is { } value ? Sample.Good(value)
        : null
        where sample is not null
        select new SentField(field, sample, CarrierOf(field, body));

    public static Carrier CarrierOf(FieldDoc field, Carrier body) =>
        field.Place switch
        {
            FieldPlace.Path => Carrier.Path,
            FieldPlace.Query => Carrier.Query,
            _ => body,
        };

    private static Sample Elses(string id, Refusal refusal) =>
        Sample.Text(Sample.SomebodyElses, id, refusal);

    private static bool IsPost(Route route, FieldDoc field) =>
        field.Name is "tweet_id" or "in_reply_to"
        || (field.Name == "id" && route.Path.StartsWith("/tweets", StringComparison.Ordinal));

    private static async Task<PostId> PostAsync(
        ClassicClient author,
        Visibility visibility,
        CancellationToken stop
    ) => new((await author.PostAsync("Hello #tag", stop, visibility)).Require(201).Id("tweet_id"));

    private static async Task<(MediaId, string)> UploadAsync(
        HttpClient http,
        ClassicClient owner,
        CancellationToken stop
    )
    {
        var medium = (await MediaClient.UploadAsync(http, owner.Token, SamplePictures.Png(), stop));
        return (medium.Id, medium.File);
    }

    private static string NewName()
    {
        var name = "m";
        for (var rest = Interlocked.Increment(ref _names); rest > 0; rest /= Letters.Length)
        {
            name += Letters[rest % Letters.Length];
        }

        return name.PadRight(3, '_');
    }
}
