using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Site;

/// <summary>A site with one member, who has it open in a browser.</summary>
public abstract class OneMember : IAsyncLifetime
{
    private protected World World { get; private set; } = null!;

    private protected Browser Ana { get; private set; } = null!;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        World = await World.EmptyAsync(Stop);
        Ana = await new Browser(World.Server.Http.BaseAddress!, Stop).SignUpAsync("ana");
    }

    public async ValueTask DisposeAsync()
    {
        Ana.Dispose();
        await World.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
