using Microsoft.Extensions.DependencyInjection;
using Rookery.Mail;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Mail;

/// <summary>How long a mail is tried, and what becomes of it, by a clock that the test moves.</summary>
public sealed class SendMailsTests : IDisposable
{
    private const string Kind = "test.letter";

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTime _time = new();
    private readonly ScriptedWriter _writer = new();
    private readonly AccountsWorld _world;

    public SendMailsTests() =>
        _world = new AccountsWorld(
            services =>
                services
                    .AddSingleton<TimeProvider>(_time)
                    .AddSingleton<IMailWriter>(_writer)
                    .Configure<MailOptions>(options => options.Site = "https://rookery.example/"),
            new SqliteFile(_time)
        );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IMails Mails => _world.Get<IMails>();

    private IReadOnlyList<OutgoingMail> Sent => _world.Mails.Mails;

    [Fact]
    public async Task An_order_is_sent_once_however_often_it_is_told()
    {
        await OrderAsync("one");
        await OrderAsync("one");
        await RunAsync();
        await OrderAsync("one");
        _time.Advance(Day);
        await RunAsync();

        var sent = Assert.Single(Sent);
        Assert.Equal(("ana@example.org", "A letter"), (sent.Address, sent.Subject));
        Assert.Contains("https://rookery.example/there", sent.Text, StringComparison.Ordinal);
        Assert.Contains("https://rookery.example/there", sent.Html, StringComparison.Ordinal);
        Assert.EndsWith("@localhost", sent.MessageId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MailFate.PutOff)]
    [InlineData(MailFate.Unreachable)]
    public async Task What_is_not_taken_is_sent_again_later_and_later_with_the_same_id(
        MailFate fate
    )
    {
        _world.Mails.Answer = _ => new MailOutcome(fate, "come again");
        await OrderAsync("one");
        var waits = new List<double>();
        for (var last = _time.GetUtcNow(); Sent.Count < 9; _time.Advance(TimeSpan.FromSeconds(1)))
        {
            var before = Sent.Count;
            await RunAsync();
            if (Sent.Count > before)
            {
                waits.Add((_time.GetUtcNow() - last).TotalSeconds);
                last = _time.GetUtcNow();
            }
        }

        // 15 s, twice as long each time, a quarter of an hour at most, each within a fifth.
        double[] expected = [0, 15, 30, 60, 120, 240, 480, 900, 900];
        Assert.All(
            waits.Zip(expected),
            pair => Assert.InRange(pair.First, pair.Second * 0.79, (pair.Second * 1.21) + 1)
        );
        Assert.Single(Sent.Select(mail => mail.MessageId).Distinct());
        Assert.Equal("come again", (await Mails.BacklogAsync(Token)).LastError);

        _world.Mails.Answer = _ => new MailOutcome(MailFate.Sent);
        _time.Advance(TimeSpan.FromMinutes(20));
        await RunAsync();
        Assert.Equal(10, Sent.Count);
        Assert.Equal(0, (await Mails.BacklogAsync(Token)).Waiting);
    }

    [Fact]
    public async Task What_will_never_be_taken_is_given_up_at_once_and_counted()
    {
        _world.Mails.Answer = _ => new MailOutcome(MailFate.Refused, "no such mailbox");
        await OrderAsync("one");
        await RunAsync();
        _time.Advance(Day);
        await RunAsync();

        Assert.Single(Sent);
        var queue = await Mails.BacklogAsync(Token);
        Assert.Equal((0, 1, "no such mailbox"), (queue.Waiting, queue.GivenUp, queue.LastRefusal));
    }

    [Fact]
    public async Task What_was_not_taken_in_its_time_is_given_up_and_says_why()
    {
        _world.Mails.Answer = _ => new MailOutcome(MailFate.Unreachable, "nobody there");
        await OrderAsync("one", lasts: Minute);
        await RunAsync();
        _time.Advance(Minute);
        await RunAsync();

        Assert.Single(Sent);
        var queue = await Mails.BacklogAsync(Token);
        Assert.Equal((0, 1, "nobody there"), (queue.Waiting, queue.GivenUp, queue.LastRefusal));
    }

    [Fact]
    public async Task After_an_outage_only_what_is_still_worth_it_is_sent()
    {
        _world.Mails.Answer = _ => new MailOutcome(MailFate.Unreachable, "nobody there");
        for (var i = 0; i < 20; i++)
        {
            await OrderAsync($"short {i}", lasts: Minute);
            await OrderAsync($"long {i}", lasts: Day);
        }

        await RunAsync();
        _time.Advance(2 * Minute);
        _world.Mails.Answer = _ => new MailOutcome(MailFate.Sent);
        var before = Sent.Count;
        await RunAsync();

        Assert.Equal(20, Sent.Skip(before).Select(mail => mail.MessageId).Distinct().Count());
        Assert.Equal(20, Sent.Count - before);
        Assert.Equal((0L, 20L), await CountsAsync());
    }

    [Fact]
    public async Task Where_there_is_nothing_to_say_any_more_nothing_is_sent()
    {
        _writer.Write = _ => null;
        await OrderAsync("one");
        await RunAsync();

        Assert.Empty(Sent);
        Assert.Equal((0L, 0L), await CountsAsync());
    }

    [Fact]
    public async Task A_writer_that_fails_keeps_no_other_mail_and_is_asked_again()
    {
        _writer.Write = mail =>
            mail["fails"].Length > 0 ? throw new InvalidOperationException("broken") : Letter();
        await OrderAsync("broken", parameters: ("fails", "yes"));
        await OrderAsync("whole");
        await RunAsync();
        Assert.Single(Sent);
        Assert.Equal((1L, 0L), await CountsAsync());

        _writer.Write = _ => Letter();
        _time.Advance(Minute);
        await RunAsync();
        Assert.Equal(2, Sent.Count);
    }

    [Fact]
    public async Task A_kind_of_a_later_version_waits_for_who_knows_it()
    {
        await Mails.OrderAsync(
            new MailOrder("one", "later.kind", new AccountId(7), Nothing, Day),
            Token
        );
        await RunAsync();

        Assert.Empty(Sent);
        Assert.Equal((1L, 0L), await CountsAsync());
    }

    [Fact]
    public async Task Who_follows_the_link_gets_no_more_of_the_kind_and_all_others()
    {
        _writer.Write = _ => Letter() with { MayBeUnwanted = true };
        await OrderAsync("one");
        await RunAsync();
        var sent = Assert.Single(Sent);
        var link = new Uri(sent.UnsubscribeUrl!);
        Assert.Equal("https://rookery.example", link.GetLeftPart(UriPartial.Authority));
        Assert.Contains(link.ToString(), sent.Text, StringComparison.Ordinal);
        var unsubscribe = _world.Get<Unsubscribe>();

        var ticket = link.Segments[^1];
        Assert.True((await unsubscribe.CheckAsync(ticket, Token)).Succeeded);
        Assert.Empty(await Mails.UnwantedAsync(new AccountId(7), Token));
        Assert.Equal(
            ProblemKind.NotFound,
            (await unsubscribe.HandleAsync(ticket[..^4] + "AAAA", Token)).Problem?.Kind
        );
        Assert.True((await unsubscribe.HandleAsync(ticket, Token)).Succeeded);
        Assert.True((await unsubscribe.HandleAsync(ticket, Token)).Succeeded);

        await OrderAsync("two");
        await RunAsync();
        Assert.Single(Sent);
        // What nobody may be without comes all the same.
        _writer.Write = _ => Letter();
        await OrderAsync("three");
        await RunAsync();
        Assert.Null(Sent[^1].UnsubscribeUrl);
        Assert.Equal(2, Sent.Count);
    }

    public void Dispose() => _world.Dispose();

    private static Dictionary<string, string> Nothing => [];

    private static WrittenMail Letter() =>
        new(
            "ana@example.org",
            "Ana",
            MailWords.English,
            "A letter",
            ["A text"],
            [new MailAction("There", "/there")],
            []
        );

    private async Task<(long, long)> CountsAsync()
    {
        var queue = await Mails.BacklogAsync(Token);
        return (queue.Waiting, queue.GivenUp);
    }

    private Task OrderAsync(
        string key,
        TimeSpan? lasts = null,
        params IReadOnlyList<(string Name, string Value)> parameters
    ) =>
        Mails.OrderAsync(
            new MailOrder(
                key,
                Kind,
                new AccountId(7),
                parameters.ToDictionary(one => one.Name, one => one.Value),
                lasts ?? Day
            ),
            Token
        );

    /// <summary>Until nothing is due.</summary>
    private async Task RunAsync()
    {
        while ((await _world.Get<SendMails>().HandleAsync(Token)).Tried > 0) { }
    }

    private sealed class ScriptedWriter : IMailWriter
    {
        public Func<DueMail, WrittenMail?> Write { get; set; } = _ => Letter();

        public IReadOnlyList<string> Kinds => [Kind];

        public ValueTask<WrittenMail?> WriteAsync(DueMail mail, CancellationToken token) =>
            ValueTask.FromResult(Write(mail));
    }
}
