using Rookery.SystemTests.Docs;
using Rookery.TestKit;

namespace Rookery.SystemTests.Roles;

/// <summary>
/// A host for each role, which share nothing but the servers that their settings name, behind the rules of the local cluster's balancer.
/// </summary>
internal sealed class ServersByRole : IRunningServer
{
    private readonly Dictionary<string, ServerInProcess> _roles;

    private ServersByRole(Dictionary<string, ServerInProcess> roles, string serviceKey)
    {
        _roles = roles;
        Http = new HttpClient(new Balancer(roles))
        {
            BaseAddress = new Uri("http://balancer.invalid"),
            Timeout = TimeSpan.FromSeconds(60),
        };
        Service = new ServiceClient(Http, serviceKey);
    }

    public HttpClient Http { get; }

    public ServiceClient Service { get; }

    public IServiceProvider Services => _roles["timelines"].Services;

    /// <param name="settings">With the servers that all roles share.</param>
    public static async Task<IRunningServer> StartAsync(
        string folder,
        IReadOnlyDictionary<string, string?> settings,
        CancellationToken stop
    )
    {
        const string key = "the same key for all roles";
        var shared = new Dictionary<string, string?>(settings) { ["Service:Key"] = key };
        var roles = new Dictionary<string, ServerInProcess>();
        foreach (var role in Server.Composition.Roles.Names)
        {
            var own = Directory.CreateDirectory(Path.Combine(folder, role)).FullName;
            roles[role] = await ServerInProcess.StartAsync(own, shared, stop, roles: role);
        }

        return new ServersByRole(roles, key);
    }

    public Task HearAsync(CancellationToken stop) =>
        Task.WhenAll(_roles.Values.Select(role => role.HearAsync(stop)));

    public async Task SettleAsync(CancellationToken stop)
    {
        // With a queue between them, any of them can say how far all consumers are.
        await _roles["timelines"].SettleAsync(stop);
        await HearAsync(stop);
    }

    public async Task ForgetAsync(CancellationToken stop)
    {
        foreach (var role in _roles.Values)
        {
            await role.ForgetAsync(stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Task.WhenAll(_roles.Values.Select(role => role.DisposeAsync().AsTask()));
    }

    /// <summary>Sends each request to the role that has its route.</summary>
    private sealed class Balancer(Dictionary<string, ServerInProcess> roles)
        : DelegatingHandler(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
    {
        private readonly BalancerRules _rules = new();

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var uri = request.RequestUri!;
            var role = roles[_rules.BackendOf(request.Method.Method, uri.AbsolutePath)];
            request.RequestUri = new Uri(role.Http.BaseAddress!, uri.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
