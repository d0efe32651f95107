using Xunit;

namespace Rookery.SystemTests.Docs;

/// <summary>The order of a fail-over, on the local cluster's PostgreSQL alone.</summary>
public sealed class PromoteTests : IAsyncLifetime, IDisposable
{
    private readonly ClusterFolder _cluster = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _cluster.MakeAsync(Stop);
        (await _cluster.BashAsync("load_ports; make_postgres", Stop)).Require(0);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.RunAsync("down", CancellationToken.None);
        Dispose();
    }

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task Nothing_is_stopped_before_the_standby_can_take_over()
    {
        // It does not run.
        await BashAsync("kill -INT $(pid_of postgres-standby); ended postgres-standby 30");
        await RefuseAsync("the standby does not run");

        // It runs and follows nobody: what is acknowledged meanwhile it would not have.
        await BashAsync(
            """
            echo "primary_conninfo = ''" | as_nobody tee -a "$FOLDER/postgres-standby/postgresql.auto.conf"
            begin_postgres standby; until_well postgres-standby 30 well postgres-standby "$POSTGRES_STANDBY"
            """
        );
        await RefuseAsync("it is not connected");

        await BashAsync("as_nobody sed -i '$d' \"$FOLDER/postgres-standby/postgresql.auto.conf\"");
        (await _cluster.RunAsync("restart", Stop, "postgres-standby")).Require(0);
        (await _cluster.RunAsync("restart", Stop, "postgres-primary")).Require(0);
        await BashAsync(
            """
            for ((tries = 300; tries > 0; tries--)); do
              [ "$(sql "$POSTGRES_PRIMARY" "SELECT sync_state FROM pg_stat_replication")" = sync ] && break
              sleep 0.1
            done
            sql "$POSTGRES_PRIMARY" "CREATE TABLE kept (id int)"
            """
        );

        var promoted = (await _cluster.RunAsync("promote", Stop)).Require(0);
        Assert.Contains("the primary is now at port", promoted.Output, StringComparison.Ordinal);
        await BashAsync(
            """
            [ -z "$(primary_processes)" ] && [ "$(sql "$POSTGRES_STANDBY" "INSERT INTO kept VALUES (1) RETURNING id")" = 1 ]
            """
        );

        // Once is enough, and the old one does not come back beside it.
        var again = (await _cluster.RunAsync("promote", Stop)).Require(0);
        Assert.Contains("is the primary already", again.Output, StringComparison.Ordinal);
        var refused = (await _cluster.RunAsync("restart", Stop, "postgres-primary")).Require(1);
        Assert.Contains("stays stopped", refused.Output, StringComparison.Ordinal);
        var status = await _cluster.RunAsync("status", Stop);
        Assert.Matches("(?m)^postgres-primary .* stopped for good", status.Output);
        Assert.Matches("(?m)^postgres-standby .* well$", status.Output);
    }

    [Fact]
    public async Task A_primary_that_stands_still_is_replaced_with_all_that_works_for_it()
    {
        await BashAsync(
            """
            sql "$POSTGRES_PRIMARY" "SELECT pg_sleep(300)" >/dev/null 2>&1 </dev/null &
            for ((tries = 300; tries > 0; tries--)); do
              sleep 0.1
              [ "$(sql "$POSTGRES_PRIMARY" "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(300)'")" = 1 ] && break
            done
            [ $tries -gt 0 ] && kill -STOP $(pid_of postgres-primary)
            """
        );

        (await _cluster.RunAsync("promote", Stop)).Require(0);

        await BashAsync("[ -z \"$(primary_processes)\" ]");
    }

    private async Task RefuseAsync(string why)
    {
        var refused = (await _cluster.RunAsync("promote", Stop)).Require(1);
        Assert.Contains(why, refused.Output, StringComparison.Ordinal);
        Assert.Contains("nothing was done", refused.Output, StringComparison.Ordinal);
        await BashAsync(
            "runs postgres-primary && [ \"$(sql \"$POSTGRES_PRIMARY\" 'SELECT pg_is_in_recovery()')\" = f ] && [ ! -e \"$FENCED\" ]"
        );
    }

    private async Task BashAsync(string lines) =>
        (await _cluster.BashAsync($"load_ports\n{lines}", Stop)).Require(0);
}
