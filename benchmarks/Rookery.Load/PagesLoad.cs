namespace Rookery.Load;

/// <summary>The site's home page, as browsers load it, against the emptiest answer of the same process.</summary>
internal static class PagesLoad
{
    private const int Connections = 32;

    public static void Run()
    {
        using var server = ServerProcess.Start("0");
        var requests = HomeLoad.SetUp(
            server,
            past: true,
            reader => Requests.Page("/home", reader.Token)
        );
        using var client = new LoadClient(server.Port, Connections);
        var turns = new Turns(
            server,
            client,
            new Workload(connection => requests[connection % requests.Length])
        );
        turns.WarmUp();
        turns.Take("page of the site with a home timeline of 20", ">= 3,000 per CPU-s");
    }
}
