using System.Text;
using Rookery.Delivery;
using Rookery.Graph;
using Xunit;

namespace Rookery.Contract.Tests.Delivery;

/// <summary>What every outbox promises. Position and pruning are of the whole outbox, so each test has one of its own.</summary>
public abstract class OutboxStoreContract
{
    private static readonly AccountId Ana = new(101);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // So many waits that last a real second each would outlast it.
    private const int Rounds = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract IOutboxStore Store { get; set; }

    /// <summary>The store's clock, which moves only in <see cref="Pass"/>.</summary>
    protected abstract DateTimeOffset Now { get; }

    protected abstract void Pass(TimeSpan time);

    protected abstract ValueTask ReopenAsync();

    /// <summary>A write that emits these events, as product code does; they are committed when it completes.</summary>
    protected abstract Task CommitAsync(params IReadOnlyList<DomainEvent> events);

    /// <summary>A write that emits the event and then fails.</summary>
    protected abstract Task FailAsync(DomainEvent happened);

    /// <summary>Marks the event as applied by the consumer; false where that mark stood.</summary>
    protected abstract Task<bool> MarkAsync(string consumer, long sequence);

    /// <summary>The same for an event of another outbox.</summary>
    protected abstract Task<bool> MarkOfAsync(string consumer, string outbox, long sequence);

    [Fact]
    public async Task An_empty_outbox_has_nothing_published_and_nothing_to_publish()
    {
        Assert.Equal(0, await Store.LastSequenceAsync(Token));
        Assert.Equal(0, await Store.PublishedThroughAsync(Token));
        Assert.Empty(await Store.ReadAsync(0, 100, Token));
        Assert.Empty(await Store.DeadLettersAsync(Token));
    }

    [Fact]
    public async Task Its_state_tells_since_when_events_wait_for_somebody_and_how_many_letters_stand()
    {
        Assert.Null((await Store.StateAsync(Token)).OldestWaiting);
        await Store.JoinAsync(["counts", "fan-out"], Token);
        var first = Now;
        await CommitAsync(Event(1));
        Pass(Second);
        await CommitAsync(Event(2));
        var rows = await Store.ReadAsync(0, 9, Token);
        Assert.Equal(first, (await Store.StateAsync(Token)).OldestWaiting);

        await Store.AdvanceAsync(rows[1].Sequence, Token);
        await Store.AdvanceAsync("counts", rows[1].Sequence, Token);
        Assert.Equal(first, (await Store.StateAsync(Token)).OldestWaiting);
        await Store.AdvanceAsync("fan-out", rows[0].Sequence, Token);
        Assert.Equal(first + Second, (await Store.StateAsync(Token)).OldestWaiting);
        await Store.AdvanceAsync("fan-out", rows[1].Sequence, Token);

        await Store.BuryAsync(new DeadLetter("counts", rows[0], 5, "", Now), Token);
        await Store.BuryAsync(new DeadLetter("counts", rows[1], 5, "", Now), Token);
        await Store.BuryAsync(new DeadLetter("gone", rows[1], 5, "", Now), Token);
        var state = await Store.StateAsync(Token);
        Assert.Null(state.OldestWaiting);
        Assert.Equal(
            [("counts", 2L), ("gone", 1L)],
            state.DeadLetters.OrderBy(one => one.Key).Select(one => (one.Key, one.Value))
        );
    }

    [Fact]
    public async Task Its_identity_is_chosen_once_for_ever()
    {
        var identity = await Store.IdentityAsync(Token);
        Assert.Matches("^[a-z0-9]{16}$", identity);
        Assert.Equal(identity, await Store.IdentityAsync(Token));
        await ReopenAsync();
        Assert.Equal(identity, await Store.IdentityAsync(Token));
    }

    [Fact]
    public async Task Rows_are_read_in_commit_order_as_they_were_written()
    {
        await CommitAsync(Event(1), Event(2));
        await CommitAsync(Event(3));
        await ReopenAsync();
        var rows = await Store.ReadAsync(0, 100, Token);
        Assert.Equal([1, 2, 3], rows.Select(NumberOf));
        Assert.All(rows, row => Assert.Equal(("graph.followed", 1), (row.Name, row.Version)));
        Assert.Equal(
            rows.Select(row => row.Sequence).Order().Distinct(),
            rows.Select(row => row.Sequence)
        );
        Assert.Equal(rows[^1].Sequence, await Store.LastSequenceAsync(Token));

        Assert.Equal([1, 2], (await Store.ReadAsync(0, 2, Token)).Select(NumberOf));
        Assert.Equal([2, 3], (await Store.ReadAsync(rows[0].Sequence, 9, Token)).Select(NumberOf));
        Assert.Empty(await Store.ReadAsync(rows[2].Sequence, 9, Token));
    }

    [Fact]
    public async Task What_was_rolled_back_is_never_read_and_its_neighbours_are()
    {
        var writes = Enumerable
            .Range(1, 40)
            .Select(i => i % 5 == 0 ? FailAsync(Event(i)) : CommitAsync(Event(i)));
        await Task.WhenAll(writes);
        var rows = await Store.ReadAsync(0, 100, Token);
        Assert.Equal(
            Enumerable.Range(1, 40).Where(i => i % 5 != 0).Select(i => (long)i),
            rows.Select(NumberOf).Order()
        );
    }

    [Fact]
    public async Task Beside_writers_no_row_ever_appears_below_one_that_was_read()
    {
        const int Each = 40;
        var writing = Task.WhenAll(
            Enumerable.Range(0, 8).Select(writer => Task.Run(() => WriteAsync(writer)))
        );
        var seen = new List<OutboxRow>();
        bool ended;
        do
        {
            ended = writing.IsCompleted;
            seen.AddRange(await Store.ReadAsync(seen.Count == 0 ? 0 : seen[^1].Sequence, 7, Token));
            await Task.Yield();
        } while (!ended);

        await writing;
        while (await Store.ReadAsync(seen[^1].Sequence, 7, Token) is { Count: > 0 } more)
        {
            seen.AddRange(more);
        }

        var all = await Store.ReadAsync(0, 1000, Token);
        Assert.Equal(8 * Each, all.Count);
        Assert.Equal(all.Select(NumberOf), seen.Select(NumberOf));
        // Of one writer, what it was answered first comes first.
        Assert.All(
            all.Select(NumberOf).GroupBy(number => number / 1000),
            of => Assert.Equal(of.Order(), of)
        );

        async Task WriteAsync(int writer)
        {
            for (var i = 0; i < Each; i++)
            {
                await CommitAsync(Event((1000 * writer) + i));
            }
        }
    }

    [Fact]
    public async Task The_position_only_grows_and_is_there_after_a_reopen()
    {
        await CommitAsync(Event(1), Event(2), Event(3));
        var last = await Store.LastSequenceAsync(Token);
        await Task.WhenAll(
            Enumerable.Range(1, (int)last).Select(sequence => Store.AdvanceAsync(sequence, Token))
        );
        await Store.AdvanceAsync(last - 1, Token);
        Assert.Equal(last, await Store.PublishedThroughAsync(Token));
        await ReopenAsync();
        Assert.Equal(last, await Store.PublishedThroughAsync(Token));
    }

    [Fact]
    public async Task Each_consumers_position_is_its_own_and_a_new_one_begins_at_the_relays()
    {
        await CommitAsync(Event(1), Event(2), Event(3));
        Assert.Equal(
            new Dictionary<string, long> { ["counts"] = 0, ["old"] = 0 },
            await Store.JoinAsync(["counts", "old"], Token)
        );
        await Store.AdvanceAsync(3, Token);
        await Store.AdvanceAsync("counts", 2, Token);
        await Store.AdvanceAsync("counts", 1, Token);
        await Store.AdvanceAsync("nobody", 1, Token);
        await ReopenAsync();

        Assert.Equal(
            new Dictionary<string, long> { ["counts"] = 2, ["new"] = 3 },
            await Store.JoinAsync(["counts", "new"], Token)
        );
    }

    [Fact]
    public async Task A_position_grows_up_to_the_first_stretch_that_is_missing()
    {
        await CommitAsync([.. Enumerable.Range(1, 20).Select(i => Event(i))]);
        await Store.JoinAsync(["counts", "other"], Token);
        await AddAsync((10, 12), (4, 6));
        Assert.Equal(0, await PositionAsync());
        await AddAsync((0, 4));
        Assert.Equal(6, await PositionAsync());
        await AddAsync((4, 9), (0, 3));
        Assert.Equal(9, await PositionAsync());
        await ReopenAsync();
        await AddAsync((9, 10));
        Assert.Equal(12, await PositionAsync());
        await Store.AddAppliedAsync("nobody", [new SequenceRange(0, 20)], Token);
        Assert.Equal(
            [("counts", 12), ("other", 0)],
            (await Store.ConsumersAsync(Token)).Select(one => (one.Name, one.AppliedThrough))
        );
    }

    [Fact]
    public async Task Stretches_in_any_order_and_from_any_number_of_hands_make_the_whole()
    {
        const int All = 200;
        await CommitAsync([.. Enumerable.Range(1, All).Select(i => Event(i))]);
        await Store.JoinAsync(["counts", "other"], Token);
        var random = new Random(20261125);
        var stretches = new List<(long, long)>();
        for (long after = 0; after < All; )
        {
            var through = Math.Min(All, after + random.Next(1, 9));
            stretches.Add((after, through));
            stretches.Add((Math.Max(0, after - random.Next(3)), through));
            after = through;
        }

        var shuffled = stretches.ToArray();
        random.Shuffle(shuffled);
        await Task.WhenAll(shuffled.Select(stretch => AddAsync(stretch)));
        Assert.Equal(All, await PositionAsync());
    }

    [Fact]
    public async Task A_forgotten_consumer_that_comes_again_has_applied_nothing_beyond_its_position()
    {
        await CommitAsync([.. Enumerable.Range(1, 9).Select(i => Event(i))]);
        await Store.JoinAsync(["counts"], Token);
        await AddAsync((2, 9));
        await Store.JoinAsync(["other"], Token);
        await Store.JoinAsync(["counts"], Token);
        await AddAsync((0, 2));
        Assert.Equal(2, await PositionAsync());
    }

    [Fact]
    public async Task A_lost_queue_is_replaced_once_by_whoever_is_first()
    {
        await Store.JoinAsync(["counts", "other"], Token);
        await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => Store.ReplaceQueueAsync("counts", 0, Token))
        );
        await ReopenAsync();
        await Store.JoinAsync(["counts", "other"], Token);
        Assert.Equal(
            [("counts", 1L), ("other", 0L)],
            (await Store.ConsumersAsync(Token)).Select(one => (one.Name, one.Queue))
        );
    }

    [Fact]
    public async Task Pruning_leaves_what_a_consumer_has_still_to_read()
    {
        await CommitAsync(Event(1), Event(2));
        await Store.JoinAsync(["counts", "late"], Token);
        await Store.AdvanceAsync(2, Token);
        await Store.AdvanceAsync("counts", 2, Token);
        await Store.AdvanceAsync("late", 1, Token);
        Pass(Second);

        Assert.Equal(1, await Store.PruneAsync(Now, Token));
        Assert.Equal([2], (await Store.ReadAsync(0, 9, Token)).Select(NumberOf));
    }

    [Fact]
    public async Task A_wait_ends_at_once_where_there_are_rows()
    {
        await CommitAsync(Event(1));
        await Store.WaitAsync(0, Token);
        await ReopenAsync();
        await Store.WaitAsync(0, Token);
    }

    [Fact]
    public async Task Every_wait_ends_with_the_commit_of_a_row()
    {
        // The store's time stands still, so only a commit can end them.
        using var patience = new CancellationTokenSource(Patience);
        for (var i = 0; i < Rounds; i++)
        {
            var last = await Store.LastSequenceAsync(Token);
            Task[] waits = [Store.WaitAsync(last, Token), Store.WaitAsync(last, Token)];
            await CommitAsync(Event(i));
            await Task.WhenAll(waits).WaitAsync(patience.Token);
        }
    }

    [Fact]
    public async Task A_wait_ends_after_a_second_though_nothing_came()
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var i = 0; i < Rounds; i++)
        {
            var wait = Store.WaitAsync(0, Token);
            Pass(Second / 2);
            Assert.False(wait.IsCompleted);
            Pass(Second / 2);
            await wait.WaitAsync(patience.Token);
        }
    }

    [Fact]
    public async Task A_wait_ends_when_its_caller_gives_up()
    {
        using var stop = new CancellationTokenSource();
        var stopped = Store.WaitAsync(0, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
    }

    [Fact]
    public async Task Dead_letters_are_kept_as_they_are_until_they_are_removed()
    {
        await CommitAsync(Event(1), Event(2));
        var rows = await Store.ReadAsync(0, 9, Token);
        var letters = new[]
        {
            new DeadLetter("counts", rows[0], 5, "Bad: \"it's\" so", Now.AddHours(-1)),
            new DeadLetter("search", rows[0], 1, "", Now),
            new DeadLetter("counts", rows[1], 2, "Late\nand long", Now),
        };
        await Task.WhenAll(letters.Select(letter => Store.BuryAsync(letter, Token)));
        await ReopenAsync();
        Assert.Equal(letters.Select(Text).Order(), (await LettersAsync()).Order());

        await Store.RemoveDeadLetterAsync("counts", rows[0].Sequence, Token);
        await Store.RemoveDeadLetterAsync("counts", rows[0].Sequence, Token);
        await Store.RemoveDeadLetterAsync("nobody", rows[1].Sequence, Token);
        await ReopenAsync();
        Assert.Equal(letters.Skip(1).Select(Text).Order(), (await LettersAsync()).Order());
    }

    [Fact]
    public async Task A_dead_letter_is_kept_whatever_its_words_are_made_of()
    {
        var row = new OutboxRow(-7, "na\0me", 1, "\0"u8.ToArray());
        var error = "Bad: \0 and \ud800 and \u001b[2J, \ud83d\ude00";
        await Store.BuryAsync(new DeadLetter("counts", row, 1, error, Now), Token);
        var letter = Assert.Single(await Store.DeadLettersAsync(Token));
        Assert.Equal(
            ("na\\u0000me", "Bad: \\u0000 and \\uD800 and \\u001B[2J, \ud83d\ude00"),
            (letter.Event.Name, letter.Error)
        );
        Assert.Equal([0], letter.Event.Payload.ToArray());
        await Store.RemoveDeadLetterAsync("counts", -7, Token);
        Assert.Empty(await Store.DeadLettersAsync(Token));
    }

    [Fact]
    public async Task Burying_again_updates_attempts_and_error()
    {
        await CommitAsync(Event(1));
        var row = (await Store.ReadAsync(0, 9, Token))[0];
        await Store.BuryAsync(new DeadLetter("counts", row, 5, "first", Now), Token);
        await Store.BuryAsync(new DeadLetter("counts", row, 7, "second", Now), Token);
        var letter = Assert.Single(await Store.DeadLettersAsync(Token));
        Assert.Equal((7, "second"), (letter.Attempts, letter.Error));
    }

    [Fact]
    public async Task Pruning_drops_what_is_old_and_published_with_its_marks_and_nothing_else()
    {
        await CommitAsync(Event(1), Event(2));
        await CommitAsync(Event(3));
        Pass(TimeSpan.FromHours(1));
        await CommitAsync(Event(4));
        var rows = await Store.ReadAsync(0, 9, Token);
        foreach (var row in rows)
        {
            Assert.True(await MarkAsync("counts", row.Sequence));
        }

        await Store.BuryAsync(new DeadLetter("counts", rows[0], 5, "kept", Now), Token);
        var before = Now.AddMinutes(-1);
        Assert.Equal(0, await Store.PruneAsync(before, Token));
        await Store.AdvanceAsync(rows[1].Sequence, Token);
        Assert.Equal(0, await Store.PruneAsync(Now.AddHours(-2), Token));

        // Two rows, and their marks.
        Assert.Equal(4, await Store.PruneAsync(before, Token));
        Assert.Equal([3, 4], (await Store.ReadAsync(0, 9, Token)).Select(NumberOf));
        Assert.True(await MarkAsync("counts", rows[0].Sequence));
        Assert.False(await MarkAsync("counts", rows[2].Sequence));

        await Store.AdvanceAsync(rows[3].Sequence, Token);
        await Store.PruneAsync(before, Token);
        Assert.Equal([4], (await Store.ReadAsync(0, 9, Token)).Select(NumberOf));
        Assert.Single(await Store.DeadLettersAsync(Token));
    }

    [Fact]
    public async Task Marks_of_another_outboxs_events_go_when_that_has_them_no_more_and_not_with_its_own()
    {
        await CommitAsync(Event(1));
        await Store.AdvanceAsync(1, Token);
        foreach (var sequence in new[] { 1L, 2, 3 })
        {
            Assert.True(await MarkOfAsync("counts", "another", sequence));
            Assert.True(await MarkOfAsync("counts", "a third", sequence));
        }

        Pass(Second);
        Assert.Equal(1, await Store.PruneAsync(Now, Token));
        Assert.False(await MarkOfAsync("counts", "another", 1));

        await Store.PruneMarksAsync("another", 2, Token);
        Assert.True(await MarkOfAsync("counts", "another", 2));
        Assert.False(await MarkOfAsync("counts", "another", 3));
        Assert.False(await MarkOfAsync("counts", "a third", 1));
    }

    [Fact]
    public async Task However_many_marks_of_another_outbox_go_and_none_of_one_that_is_nearly_called_so()
    {
        const int Count = 4500;
        for (var sequence = 1; sequence <= Count; sequence += 500)
        {
            await Task.WhenAll(
                Enumerable.Range(sequence, 500).Select(one => MarkOfAsync("counts", "another", one))
            );
        }

        Assert.True(await MarkOfAsync("counts", "an_ther", 1));
        await Store.PruneMarksAsync("an_ther", Count, Token);
        Assert.True(await MarkOfAsync("counts", "an_ther", 1));
        Assert.False(await MarkOfAsync("counts", "another", 1));

        await Store.PruneMarksAsync("another", Count - 1, Token);
        Assert.True(await MarkOfAsync("counts", "another", 1));
        Assert.True(await MarkOfAsync("counts", "another", Count - 1));
        Assert.False(await MarkOfAsync("counts", "another", Count));
    }

    [Fact]
    public async Task After_everything_was_pruned_sequences_go_on()
    {
        await CommitAsync([.. Enumerable.Range(1, 4500).Select(i => Event(i))]);
        var last = await Store.LastSequenceAsync(Token);
        await Store.AdvanceAsync(last, Token);
        Pass(Second);
        Assert.Equal(4500, await Store.PruneAsync(Now, Token));
        Assert.Empty(await Store.ReadAsync(0, 9, Token));
        await ReopenAsync();
        Assert.Equal(last, await Store.LastSequenceAsync(Token));
        await CommitAsync(Event(1));
        Assert.True((await Store.ReadAsync(last, 9, Token))[0].Sequence > last);
    }

    private static Followed Event(long number) => new(Ana, new AccountId(number));

    /// <summary>Which event it is, whatever order its fields are written in.</summary>
    private static long NumberOf(OutboxRow row)
    {
        using var json = System.Text.Json.JsonDocument.Parse(row.Payload);
        var followee = json
            .RootElement.EnumerateObject()
            .Single(field => field.Name.Equals("followee", StringComparison.OrdinalIgnoreCase));
        return long.Parse(
            followee.Value.ToString(),
            System.Globalization.CultureInfo.InvariantCulture
        );
    }

    private Task AddAsync(params (long After, long Through)[] ranges) =>
        Store.AddAppliedAsync(
            "counts",
            [.. ranges.Select(range => new SequenceRange(range.After, range.Through))],
            Token
        );

    private async Task<long> PositionAsync() =>
        (await Store.ConsumersAsync(Token)).Single(one => one.Name == "counts").AppliedThrough;

    private async Task<IEnumerable<string>> LettersAsync() =>
        (await Store.DeadLettersAsync(Token)).Select(Text);

    private static string Text(DeadLetter letter) =>
        $"{letter with { Event = letter.Event with { Payload = default } }} {Encoding.UTF8.GetString(letter.Event.Payload.Span)}";
}
