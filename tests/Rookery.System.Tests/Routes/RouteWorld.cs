using System.Text.RegularExpressions;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Routes;

/// <summary>A server with every route, a scene, and one connection on which anything can be sent.</summary>
internal sealed partial class RouteWorld : IAsyncDisposable
{
    private const int Shown = 40;

    private readonly World _world;
    private readonly List<string> _breaches = [];

    private RouteWorld(World world)
    {
        _world = world;
        Wire = new WireClient(world.Server.Http.BaseAddress!);
        ServiceKey = File.ReadAllText(Path.Combine(world.Folder, "service.key")).Trim();
        Routes = Route.All(world.Server.Services);
    }

    public IReadOnlyList<Route> Routes { get; }

    public WireClient Wire { get; }

    public string ServiceKey { get; }

    public HttpClient Http => _world.Server.Http;

    public Scene Scene { get; private set; } = null!;

    public StoredRows Stored { get; private set; } = null!;

    /// <summary>How many requests were made: a matrix that makes none proves nothing.</summary>
    public int Cases { get; private set; }

    public static async Task<RouteWorld> CreateAsync(CancellationToken stop)
    {
        var world = new RouteWorld(await World.EmptyAsync(stop));
        world.Scene = await Scene.MakeAsync(world.Http, stop);
        await world._world.SettleAsync(stop);
        await world._world.MailsSettleAsync(stop);
        world.Stored = new StoredRows(world._world.Folder);
        return world;
    }

    public Task SuspendAsync(AccountId account, CancellationToken stop) =>
        _world.SuspendAsync(account, stop);

    /// <summary>What a route's rightful caller sends, null where anybody may call.</summary>
    public string? KeyOf(Route route) =>
        route.Doc.Auth switch
        {
            Rookery.Api.AuthKind.None => null,
            Rookery.Api.AuthKind.ServiceKey => ServiceKey,
            _ => Scene.Me.Token,
        };

    public async Task<WireAnswer> SendAsync(
        byte[] request,
        CancellationToken stop,
        bool isHead = false
    )
    {
        Cases++;
        return await Wire.SendAsync(request, stop, isHead);
    }

    public Task<WireAnswer> SendAsync(
        Route route,
        IReadOnlyList<SentField> fields,
        Carrier body,
        string? bearer,
        CancellationToken stop
    ) => SendAsync(WireRequest.Of(route, fields, body, bearer), stop);

    /// <summary>Notes what is wrong, if anything.</summary>
    public void Note(string about, string? wrong)
    {
        if (wrong is not null)
        {
            _breaches.Add($"{about}: {wrong}");
        }
    }

    /// <summary>What is wrong with an answer that must be a refusal with a text, of any 4xx.</summary>
    public static string? WrongWithRefusal(WireAnswer answer) =>
        answer.Status is < 400 or > 499 ? $"answered {answer}"
        : TextOf(answer) is not { Length: >= 15 } ? $"does not say why: {answer}"
        : null;

    /// <summary>The same for one that must name the field and say what would be right.</summary>
    public static string? WrongWithNaming(WireAnswer answer, string field) =>
        WrongWithRefusal(answer)
        ?? (
            FieldOf(answer) != field ? $"does not name {field}: {answer}"
            : !SaysWhatIsRight().IsMatch(TextOf(answer)!)
                ? $"does not say what would be right: {answer}"
            : null
        );

    public void AssertNoBreach(int leastCases)
    {
        Assert.True(
            _breaches.Count == 0,
            $"{_breaches.Count} of {Cases}:\n{string.Join('\n', _breaches.Take(Shown))}"
        );
        Assert.True(Cases >= leastCases, $"only {Cases} requests were made");
    }

    public async ValueTask DisposeAsync()
    {
        Stored.Dispose();
        Wire.Dispose();
        await _world.DisposeAsync();
    }

    private static string? FieldOf(WireAnswer answer) =>
        answer.Json is { } json && json.TryGetProperty("field", out var field)
            ? field.GetString()
            : null;

    private static string? TextOf(WireAnswer answer) =>
        answer.Json is { } json
        && (json.TryGetProperty("error", out var text) || json.TryGetProperty("detail", out text))
            ? text.GetString()
            : null;

    [GeneratedRegex(
        @"\bmust\b|at most|\bgive\b|choose|[Tt]here (is|was) no|\bnames 1\b|upload|only its author can|[Aa] (hashtag|handle) is|[Aa] mute lasts"
    )]
    private static partial Regex SaysWhatIsRight();
}
