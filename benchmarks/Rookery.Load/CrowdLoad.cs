using System.Globalization;

namespace Rookery.Load;

/// <summary>Many people at the same time, each on a connection of its own that stays open, over the few that PostgreSQL has.</summary>
internal static class CrowdLoad
{
    private const int Authors = 200;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    /// <param name="people">How many; all of them read their home timelines.</param>
    public static async Task RunAsync(string people)
    {
        var count = int.Parse(people, CultureInfo.InvariantCulture);
        await using var database = await LoadDatabase.OpenAsync(null);
        using var server = ServerProcess.Start(null, postgres: database.Connection);
        using var setup = new People(server);
        var accounts = setup.Accounts(count);
        setup.Post(accounts[..Authors]);
        setup.Follow([.. accounts.Select((account, i) => (account, accounts[(i + 1) % Authors]))]);
        var requests = Array.ConvertAll(
            accounts,
            account => Requests.Get($"/timeline?user_id={account}", setup.Key)
        );
        Print("each home for the first time", ReadAll(server, requests));
        using var client = new LoadClient(server.Port, count);
        var work = new Workload(connection => requests[connection]);
        Print(
            string.Create(CultureInfo.InvariantCulture, $"home timelines, {count:N0} connections"),
            client.RunClosed(work, Duration)
        );
        Report.Line(
            "connections to PostgreSQL",
            $"{await database.CountConnectionsAsync()}",
            "<= 50"
        );
    }

    private static LoadRun ReadAll(ServerProcess server, byte[][] requests)
    {
        using var client = new LoadClient(server.Port, 64);
        var next = 0;
        return client.RunClosed(
            new Workload(_ => next == requests.Length ? default : requests[next++]),
            TimeSpan.FromMinutes(5)
        );
    }

    private static void Print(string what, LoadRun run) =>
        Report.Line(
            what,
            $"{run.PerSecond():N0}/s, p50 {run.All.P50:F0} p99 {run.All.P99:F0} ms, {run.Errors} errors"
        );
}
