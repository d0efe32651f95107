using Rookery.Adapters.Sql;
using Xunit;

namespace Rookery.Contract.Tests.Sql;

/// <summary>What becomes of a group's writers, and of those who watch commits, when something fails.</summary>
public sealed class CommitQueueTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_that_fails_takes_none_of_its_group_with_it()
    {
        using var queue = new QueueOnFile();
        var watching = Watch(queue);
        var writes = await TogetherAsync(
            queue,
            commit => QueueOnFile.Insert(commit, 1),
            commit => QueueOnFile.Insert(commit, 2),
            commit => QueueOnFile.Insert(commit, 2),
            commit =>
            {
                QueueOnFile.Insert(commit, 3);
                throw new InvalidTimeZoneException("its own fault");
            },
            commit => QueueOnFile.Insert(commit, 4)
        );

        await Task.WhenAll(writes[0], writes[1], writes[4]);
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => writes[2]);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => writes[3]);
        Assert.Equal(3, await queue.CountAsync(Stop));
        Assert.Equal([1, 2, 4], Assert.Single(watching.Groups));
        Assert.Equal(0, watching.Forgotten);
        Assert.Null(queue.Writes.Problem);
    }

    [Fact]
    public async Task A_commit_that_fails_is_told_to_all_its_writers_and_everything_held_is_forgotten()
    {
        using var queue = new QueueOnFile();
        var watching = Watch(queue);
        await queue.InsertAsync(1, Stop);
        var writes = await TogetherAsync(
            queue,
            commit => QueueOnFile.Insert(commit, 2),
            // Nobody looks whether the owner exists before the commit does.
            commit =>
                commit.Session.Execute(
                    "INSERT INTO items (id, owner) VALUES (@id, @owner)",
                    3L,
                    99L
                )
        );

        foreach (var write in writes)
        {
            var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => write);
            Assert.Contains("Idempotency-Key", fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, watching.Forgotten);
        Assert.NotNull(queue.Writes.Problem);
        await queue.InsertAsync(4, Stop);
        Assert.Null(queue.Writes.Problem);
        Assert.Equal(2, await queue.CountAsync(Stop));
        Assert.Equal(
            [
                [1],
                [4],
            ],
            watching.Groups
        );
    }

    /// <summary>A file has no others; how far its own commits were told is asked all the same.</summary>
    [Fact]
    public async Task Who_follows_a_file_is_answered_alone_and_beside_writes()
    {
        using var queue = new QueueOnFile();
        var alone = await queue.Writes.FollowAsync().WaitAsync(Stop);
        var write = queue.InsertAsync(1, Stop);
        var beside = await queue.Writes.FollowAsync().WaitAsync(Stop);
        await write;
        Assert.True(beside.Through >= alone.Through);
    }

    [Fact]
    public async Task A_write_that_finds_no_room_is_refused_and_nothing_is_forgotten()
    {
        using var queue = new QueueOnFile();
        var watching = Watch(queue);
        await PragmaAsync(queue, "max_page_count = 1");

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => FillAsync(queue, 1));

        Assert.DoesNotContain("Idempotency-Key", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, watching.Forgotten);
        Assert.NotNull(queue.Writes.Problem);
        await PragmaAsync(queue, "max_page_count = 1000000");
        Assert.Equal(1, await FillAsync(queue, 1));
        Assert.Null(queue.Writes.Problem);
    }

    [Fact]
    public async Task A_failure_is_not_held_against_a_store_that_is_asked_for_nothing()
    {
        using var queue = new QueueOnFile();
        await PragmaAsync(queue, "max_page_count = 1");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => FillAsync(queue, 1));
        Assert.NotNull(queue.Writes.Problem);

        queue.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Null(queue.Writes.Problem);
    }

    [Fact]
    public async Task A_nearly_full_disk_takes_no_write_and_is_no_ready_store()
    {
        using var queue = new QueueOnFile(new SqlOptions { MinimumFreeBytes = long.MaxValue });
        var watching = Watch(queue);

        Assert.Contains("disk", queue.Writes.Problem, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => queue.InsertAsync(1, Stop));

        Assert.Equal(0, watching.Forgotten);
        Assert.Empty(watching.Groups);
    }

    [Fact]
    public async Task A_checkpoint_that_fails_is_no_writers_fault()
    {
        using var queue = new QueueOnFile();
        var watching = Watch(queue);
        await queue.InsertAsync(1, Stop);
        await queue.InsertAsync(2, Stop);
        // A statement that was not read to its end: the connection cannot copy its own log.
        using var command = (await queue.ConnectionAsync(Stop)).CreateCommand();
        command.CommandText = "SELECT id FROM items";
        using var unread = await queue.Writes.RunAsync(
            _ =>
            {
                var rows = command.ExecuteReader();
                rows.Read();
                return rows;
            },
            Stop
        );

        Assert.Equal(1, await FillAsync(queue, 3));
        await queue.InsertAsync(4, Stop);

        Assert.IsType<Microsoft.Data.Sqlite.SqliteException>(Assert.Single(queue.CheckpointFaults));
        Assert.Equal(0, watching.Forgotten);
        Assert.Equal(
            [
                [1],
                [2],
                [4],
            ],
            watching.Groups
        );
        Assert.Null(queue.Writes.Problem);
    }

    [Fact]
    public async Task An_observer_that_cannot_even_forget_keeps_no_other_from_following()
    {
        using var queue = new QueueOnFile();
        queue.Writes.Observe(new RecordingObserver(broken: true));
        var watching = Watch(queue);

        Assert.Equal(1, await queue.InsertAsync(1, Stop));

        Assert.Equal([1], Assert.Single(watching.Groups));
        Assert.Equal(1, await queue.CountAsync(Stop));
    }

    private static RecordingObserver Watch(QueueOnFile queue)
    {
        var observer = new RecordingObserver();
        queue.Writes.Observe(observer);
        return observer;
    }

    /// <summary>The writes of one group: the commit thread is held until all of them wait.</summary>
    private static async Task<Task<int>[]> TogetherAsync(
        QueueOnFile queue,
        params Func<CommitContext, int>[] works
    )
    {
        using var begun = new ManualResetEventSlim();
        using var enough = new ManualResetEventSlim();
        var first = queue.Writes.RunAsync(
            _ =>
            {
                begun.Set();
                enough.Wait(Stop);
                return 0;
            },
            Stop
        );
        begun.Wait(Stop);
        var writes = works.Select(work => queue.Writes.RunAsync(work, Stop)).ToArray();
        enough.Set();
        await first;
        return writes;
    }

    private static Task<int> PragmaAsync(QueueOnFile queue, string setting) =>
        queue.Writes.RunAsync(
            commit =>
            {
                commit.Session.Run($"PRAGMA {setting}");
                return 0;
            },
            Stop
        );

    /// <summary>A row that is longer than the log may be.</summary>
    private static Task<int> FillAsync(QueueOnFile queue, long id) =>
        queue.Writes.RunAsync(
            commit =>
                commit.Session.Execute(
                    "INSERT INTO items (id, body) VALUES (@id, randomblob(@length))",
                    id,
                    2 * QueueOnFile.FinishAbove
                ),
            Stop
        );
}
