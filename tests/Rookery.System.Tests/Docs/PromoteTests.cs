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

    [Fact]
    public async Task The_old_primary_follows_again_and_takes_its_turn()
    {
        var early = (await _cluster.RunAsync("rejoin", Stop)).Require(1);
        Assert.Contains("promote has stopped no primary", early.Output, StringComparison.Ordinal);
        await SynchronousAsync("POSTGRES_PRIMARY");
        await BashAsync("sql \"$POSTGRES_PRIMARY\" 'CREATE TABLE kept (id int)'");
        (await _cluster.RunAsync("promote", Stop)).Require(0);

        // Somebody begins it by hand: what it takes there, nobody else has.
        await BashAsync(
            """
            rm -f "$FOLDER/postgres-primary/postmaster.pid"
            begin_postgres primary; until_well postgres-primary 30 well postgres-primary "$POSTGRES_PRIMARY"
            sql "$POSTGRES_PRIMARY" "SET synchronous_commit = local; INSERT INTO kept VALUES (666)"
            sql "$POSTGRES_PRIMARY" "SELECT pg_sleep(300)" >/dev/null 2>&1 </dev/null &
            sql "$POSTGRES_STANDBY" "INSERT INTO kept VALUES (1)"
            for ((tries = 300; tries > 0; tries--)); do
              [ "$(sql "$POSTGRES_PRIMARY" "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(300)'")" = 1 ] && break
              sleep 0.1
            done
            """
        );
        var running = (await _cluster.RunAsync("rejoin", Stop)).Require(1);
        Assert.Contains(
            "postgres-primary runs as a primary (clients: 1)",
            running.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("nothing was done", running.Output, StringComparison.Ordinal);
        await BashAsync("[ -e \"$FENCED\" ] && kill -KILL $(primary_processes)");

        var rejoined = (await _cluster.RunAsync("rejoin", Stop)).Require(0);
        Assert.Contains("was rewound and follows", rejoined.Output, StringComparison.Ordinal);
        await BashAsync("sql \"$POSTGRES_STANDBY\" 'INSERT INTO kept VALUES (2)'");
        await HoldsAsync("POSTGRES_PRIMARY", "1,2");
        var status = await _cluster.RunAsync("status", Stop);
        Assert.Matches("(?m)^postgres-primary .* well$", status.Output);

        // The other way round, and what was rewound waits for no third one.
        (await _cluster.RunAsync("promote", Stop)).Require(0);
        await BashAsync("sql \"$POSTGRES_PRIMARY\" 'INSERT INTO kept VALUES (3)'");
        var refused = (await _cluster.RunAsync("restart", Stop, "postgres-standby")).Require(1);
        Assert.Contains("postgres-standby stays stopped", refused.Output, StringComparison.Ordinal);
        (await _cluster.RunAsync("rejoin", Stop)).Require(0);
        await HoldsAsync("POSTGRES_STANDBY", "1,2,3");
    }

    [Fact]
    public async Task One_that_cannot_be_rewound_is_copied_and_stays_fenced_until_it_follows()
    {
        await SynchronousAsync("POSTGRES_PRIMARY");
        await BashAsync("sql \"$POSTGRES_PRIMARY\" 'CREATE TABLE kept AS SELECT 1 AS id'");
        (await _cluster.RunAsync("promote", Stop)).Require(0);
        await BashAsync("rm -rf \"$FOLDER/postgres-primary/pg_wal\"");
        await BashAsync("kill -STOP $(pid_of postgres-standby)");
        var away = (await _cluster.RunAsync("rejoin", Stop)).Require(1);
        Assert.Contains("there is nobody to follow", away.Output, StringComparison.Ordinal);
        await BashAsync("[ -e \"$FENCED\" ] && kill -CONT $(pid_of postgres-standby)");

        var copied = (await _cluster.RunAsync("rejoin", Stop)).Require(0);
        Assert.Contains("so all of it is copied", copied.Output, StringComparison.Ordinal);
        await BashAsync("[ ! -e \"$FENCED\" ]");
        await HoldsAsync("POSTGRES_PRIMARY", "1");
    }

    /// <summary>A standby that begins is asynchronous for a moment.</summary>
    private Task SynchronousAsync(string port) =>
        BashAsync(
            $$"""
            for ((tries = 300; tries > 0; tries--)); do
              [ "$(sql "${{port}}" "SELECT sync_state FROM pg_stat_replication")" = sync ] && exit
              sleep 0.1
            done
            exit 1
            """
        );

    /// <summary>What was acknowledged is on both, and may be shown on the second a moment later.</summary>
    private Task HoldsAsync(string port, string ids) =>
        BashAsync(
            $$"""
            for ((tries = 100; tries > 0; tries--)); do
              [ "$(sql "${{port}}" "SELECT pg_is_in_recovery()::text || string_agg(id::text, ',' ORDER BY id) FROM kept")" = "true{{ids}}" ] && exit
              sleep 0.1
            done
            exit 1
            """
        );

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
