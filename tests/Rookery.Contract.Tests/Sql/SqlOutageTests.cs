using System.Net.Sockets;
using Npgsql;
using Rookery.Adapters.Sql;
using Rookery.Contract.Tests.Delivery;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.Contract.Tests.Sql;

/// <summary>What is said of a database that is away, however many ask for it.</summary>
public sealed class SqlOutageTests : IDisposable
{
    private static readonly NpgsqlException _refused = new(
        "Failed to connect to 127.0.0.1:1",
        new SocketException((int)SocketError.ConnectionRefused)
    );

    private readonly FakeTime _time = new();
    private readonly TestLog _log = new();
    private readonly SqlOutage _outage;

    public SqlOutageTests() => _outage = new SqlOutage("PostgreSQL at db1", "reads", _time, _log);

    public void Dispose() => _log.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string[] Lines => _log.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void It_is_said_when_it_begins_then_every_ten_seconds_with_a_count_and_when_it_is_over()
    {
        FailFor(seconds: 25, everyMilliseconds: 100);

        Assert.Equal(3, Lines.Length);
        Assert.StartsWith("Error: PostgreSQL at db1 answers no reads: ", Lines[0]);
        Assert.Contains("refused", Lines[0], StringComparison.OrdinalIgnoreCase);
        Assert.All(
            Lines[1..],
            line => Assert.EndsWith("100 more failed since this was said", line)
        );

        _time.Advance(TimeSpan.FromSeconds(2));
        for (var i = 0; i < 100; i++)
        {
            _outage.Answered();
        }

        Assert.Equal(4, Lines.Length);
        Assert.Equal(
            "Information: PostgreSQL at db1 answers reads again; 250 had failed",
            Lines[3]
        );
    }

    [Fact]
    public void One_that_fails_every_other_time_is_not_back()
    {
        for (var i = 0; i < 50; i++)
        {
            Assert.True(_outage.Failed(_refused));
            _outage.Answered();
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Single(Lines);
    }

    [Fact]
    public void A_fault_of_a_statement_is_for_others_to_say()
    {
        Assert.False(_outage.Failed(Answer("ERROR", "42601")));
        Assert.False(_outage.Failed(new InvalidOperationException("a bug")));
        Assert.Empty(Lines);
        Assert.True(_outage.Failed(Answer("FATAL", "57P01")));
        Assert.True(_outage.Failed(new StoreUnavailableException("away", _refused)));
        Assert.Single(Lines);
    }

    [Fact]
    public async Task Whoever_reads_from_one_that_refuses_connections_writes_no_line_of_his_own()
    {
        var options = new SqlOptions
        {
            Default = $"Host=127.0.0.1;Port={FreePort.Take()};Database=rookery;Username=rookery",
            Readers = 2,
        };
        using var engine = new PostgresEngine(
            SqlPlace.OfAll("", options),
            options,
            TimeProvider.System,
            _log
        );
        using var readers = new ReaderThreads(engine, options, () => false, _log);
        for (var i = 0; i < 20; i++)
        {
            await Assert
                .ThrowsAsync<StoreUnavailableException>(() => readers.RunAsync(_ => 0))
                .WaitAsync(Stop);
        }

        var line = Assert.Single(Lines);
        Assert.Contains("database rookery (Databases:Default) answers no reads", line);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
    }

    private static PostgresException Answer(string severity, string state) =>
        new("no", severity, severity, state);

    private void FailFor(int seconds, int everyMilliseconds)
    {
        for (var i = 0; i < seconds * 1_000 / everyMilliseconds; i++)
        {
            Assert.True(_outage.Failed(_refused));
            _time.Advance(TimeSpan.FromMilliseconds(everyMilliseconds));
        }
    }
}
