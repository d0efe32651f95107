using Microsoft.Extensions.DependencyInjection;
using Rookery.Delivery;
using Rookery.TestKit;
using Rookery.TestKit.Servers;
using Xunit;

namespace Rookery.SystemTests.Commands;

/// <summary>What an operator does about events that nobody can apply, in both databases.</summary>
public sealed class DeadLetterCommandTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_nobody_can_read_is_discarded_one_by_one_or_all_of_a_consumer(
        bool onPostgres
    )
    {
        var settings = new Dictionary<string, string?>();
        if (onPostgres)
        {
            var servers = (await TestContext.Current.GetFixture<SharedServers>())!;
            settings["Databases:Default"] = await (
                await servers.PostgresAsync()
            ).CreateDatabaseAsync(Stop);
        }

        await using var world = await World.EmptyAsync(Stop, settings);
        var outbox = world.Server.Services.GetRequiredService<DeliveryLines>().All[0].Outbox;
        await BuryAsync(outbox, "counts", -7, -8, -9);
        await BuryAsync(outbox, "search", -7);

        // Nothing without a word that it is meant, and nothing that is not there.
        var doubted = await DiscardAsync(world, "--consumer", "counts", "--all");
        Assert.Contains("Say --yes", doubted.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, doubted.Exit);
        var vague = await DiscardAsync(world, "--consumer", "counts", "--yes");
        Assert.Contains("--sequence, or say --all", vague.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, vague.Exit);
        var missing = await DiscardAsync(world, "--consumer", "counts", "--sequence=-70", "--yes");
        Assert.Contains("no such dead letter", missing.Error, StringComparison.Ordinal);
        Assert.Equal(1, missing.Exit);
        Assert.Equal(4, (await outbox.DeadLettersAsync(Stop)).Count);

        var one = await DiscardAsync(world, "--consumer", "counts", "--sequence", "-8", "--yes");
        Assert.True(one is { Exit: 0, Output: "1 discarded\n" }, one.ToString());
        Assert.Equal(["counts -9", "counts -7", "search -7"], await StandingAsync(outbox));

        var rest = await DiscardAsync(world, "--consumer", "counts", "--all", "--yes");
        Assert.True(rest is { Exit: 0, Output: "2 discarded\n" }, rest.ToString());
        Assert.Equal(["search -7"], await StandingAsync(outbox));
    }

    private static Task<CommandAnswer> DiscardAsync(World world, params string[] arguments) =>
        CommandProcess.RunAsync([
            "admin",
            "dead-letters",
            "discard",
            "--data",
            world.Folder,
            .. arguments,
        ]);

    private static async Task BuryAsync(
        IOutboxStore outbox,
        string consumer,
        params long[] sequences
    )
    {
        foreach (var sequence in sequences)
        {
            var row = new OutboxRow(sequence, "rabbitmq.message", 1, "from elsewhere"u8.ToArray());
            var now = TimeProvider.System.GetUtcNow();
            await outbox.BuryAsync(new DeadLetter(consumer, row, 1, "unreadable", now), Stop);
        }
    }

    private static async Task<IEnumerable<string>> StandingAsync(IOutboxStore outbox) =>
        (await outbox.DeadLettersAsync(Stop)).Select(letter =>
            $"{letter.Consumer} {letter.Event.Sequence}"
        );
}
