using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.Graph;
using Rookery.Mail;
using Rookery.Notifications;
using Rookery.Posts;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Notifications;

/// <summary>When mails of notifications come and what becomes of them, by a clock that the test moves: it begins at 03:04:05 UTC.</summary>
public sealed class NotificationMailsTests : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly FakeTime _time = new();
    private readonly AccountsWorld _world;
    private readonly List<AccountId> _fans = [];
    private AccountId _ana;
    private long _sequence = 1_000;

    public NotificationMailsTests() =>
        _world = new AccountsWorld(
            services =>
                services
                    .AddSingleton<TimeProvider>(_time)
                    .AddSingleton<INotificationStore, SqlNotificationStore>()
                    .AddSingleton<INotificationMailStore, SqlNotificationMailStore>()
                    .AddSingleton<IReaderStore, SqlReaderStore>()
                    .AddSingleton<IBellStore, SqlBellStore>()
                    .AddSingleton(DispatchProxy.Create<IGraph, EverybodyFollows>())
                    // Follows are about no post.
                    .AddSingleton(DispatchProxy.Create<IPosts, Nobody>())
                    .AddNotifications()
                    .Configure<MailOptions>(options => options.Site = "https://rookery.example"),
            new SqliteFile(_time)
        );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IReadOnlyList<OutgoingMail> Told =>
        [.. _world.Mails.Mails.Where(mail => mail.UnsubscribeUrl is not null)];

    private MailOutcome Answer
    {
        set => _world.Mails.Answer = _ => value;
    }

    public async ValueTask InitializeAsync()
    {
        _ana = await SignUpAsync("ana");
        foreach (var name in (string[])["ben", "cem", "dora", "emil", "fay"])
        {
            _fans.Add((await _world.SignUpAsync(name)).Account);
        }

        await RunAsync();
    }

    public ValueTask DisposeAsync()
    {
        _world.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_is_wanted_at_once_comes_some_minutes_later_in_one_mail()
    {
        await ChooseAsync(MailedWhen.AtOnce);
        await FollowAsync(0);
        await AdvanceAsync(4 * Minute);
        Assert.Empty(Told);
        await FollowAsync(1, 2);
        await AdvanceAsync(Minute);
        var mail = Assert.Single(Told);
        Assert.Equal("dora and 2 others follow you", mail.Subject);
        Assert.Equal("ana@example.org", mail.Address);

        await AdvanceAsync(Day);
        Assert.Single(Told);
        await FollowAsync(3);
        await AdvanceAsync(5 * Minute);
        Assert.Equal("emil follows you", Told[^1].Subject);
        Assert.NotEqual(mail.MessageId, Told[^1].MessageId);
    }

    [Fact]
    public async Task An_event_that_is_told_again_is_told_in_no_other_mail()
    {
        await ChooseAsync(MailedWhen.AtOnce);
        var happened = Followed(0);
        for (var again = 0; again < 3; again++)
        {
            await ApplyAsync(happened);
            await AdvanceAsync(Hour);
        }

        Assert.Single(Told);
    }

    [Fact]
    public async Task What_was_read_or_dismissed_meanwhile_is_in_no_mail()
    {
        await ChooseAsync(MailedWhen.AtOnce);
        await FollowAsync(0);
        var read = Assert.Single(await ListAsync());
        await MarkAsync(read.Id);
        await AdvanceAsync(Hour);
        Assert.Empty(Told);

        await FollowAsync(1, 2);
        await _world
            .Get<DismissNotifications>()
            .HandleAsync(_ana, [(await ListAsync())[0].Id], Token);
        await AdvanceAsync(Hour);
        Assert.Equal("cem follows you", Assert.Single(Told).Subject);
    }

    [Fact]
    public async Task In_quiet_hours_it_is_held_until_they_end()
    {
        await ChooseAsync(MailedWhen.AtOnce);
        await KeepAsync(new ReaderHours("Europe/Berlin", new(22, 0), new(7, 0), null, 8));
        await FollowAsync(0);
        // 05:59 in Berlin.
        await AdvanceAsync(TimeSpan.FromMinutes(115));
        Assert.Empty(Told);
        await FollowAsync(1);
        await AdvanceAsync(2 * Hour);
        Assert.Equal("cem and one other follow you", Assert.Single(Told).Subject);
    }

    [Fact]
    public async Task What_waits_waits_for_hours_that_are_chosen_later()
    {
        await ChooseAsync(MailedWhen.AtOnce);
        await FollowAsync(0);
        await AdvanceAsync(Minute);
        await KeepAsync(new ReaderHours("UTC", new(3, 0), new(4, 0), null, 8));
        await AdvanceAsync(30 * Minute);
        Assert.Empty(Told);
        await KeepAsync(new ReaderHours("UTC", default, default, null, 8));
        await AdvanceAsync(Minute);
        Assert.Single(Told);
    }

    [Fact]
    public async Task After_an_outage_that_ends_in_the_night_it_comes_in_the_morning()
    {
        await ChooseAsync(MailedWhen.AtOnce);
        await KeepAsync(new ReaderHours("UTC", new(4, 0), new(7, 0), null, 8));
        Answer = new MailOutcome(MailFate.Unreachable, "nobody there");
        await FollowAsync(0);
        await AdvanceAsync(30 * Minute);
        var tried = Told.Count;
        Assert.NotEqual(0, tried);
        Answer = new MailOutcome(MailFate.Sent);
        _time.Advance(TimeSpan.FromMinutes(30));
        await AdvanceAsync(2 * Hour);
        Assert.Equal(tried, Told.Count);
        await AdvanceAsync(Hour);
        Assert.Equal(tried + 1, Told.Count);
    }

    [Fact]
    public async Task After_an_outage_there_is_one_mail_of_all()
    {
        await ChooseAsync(MailedWhen.AtOnce);
        Answer = new MailOutcome(MailFate.Unreachable, "nobody there");
        foreach (var fan in Enumerable.Range(0, _fans.Count))
        {
            await FollowAsync(fan);
            await AdvanceAsync(Hour);
        }

        Assert.Single(Told.Select(mail => mail.MessageId).Distinct());
        var before = Told.Count;
        Answer = new MailOutcome(MailFate.Sent);
        await AdvanceAsync(Day);
        Assert.Equal("fay and 4 others follow you", Assert.Single(Told.Skip(before)).Subject);
    }

    [Fact]
    public async Task What_may_have_arrived_is_sent_again_as_it_was_and_the_rest_in_another()
    {
        await ChooseAsync(MailedWhen.AtOnce);
        Answer = new MailOutcome(MailFate.Unreachable, "it was cut off") { MayHaveArrived = true };
        await FollowAsync(0);
        await AdvanceAsync(5 * Minute);
        var first = Told[^1];
        await FollowAsync(1);
        Answer = new MailOutcome(MailFate.Sent);
        await AdvanceAsync(Hour);
        var again = Told.Where(mail => mail.MessageId == first.MessageId).ToList();
        Assert.All(again, mail => Assert.Equal(first.Text, mail.Text));
        Assert.True(again.Count >= 2);
        Assert.Equal("cem follows you", Told[^1].Subject);
        Assert.Equal(again.Count + 1, Told.Count);
    }

    [Fact]
    public async Task A_digest_comes_once_a_day_at_the_hour_and_only_with_something_unread()
    {
        await AdvanceAsync(Day);
        Assert.Empty(Told);
        await FollowAsync(0);
        await AdvanceAsync(4 * Hour);
        Assert.Empty(Told);
        // 08:04.
        await AdvanceAsync(Hour);
        Assert.Equal("A new notification", Assert.Single(Told).Subject);
        await FollowAsync(1);
        // On the same day there is no second one, whatever the hour is now.
        await KeepAsync(new ReaderHours("UTC", default, default, null, 20));
        await AdvanceAsync(13 * Hour);
        Assert.Single(Told);
        await FollowAsync(2);
        await AdvanceAsync(Day);
        Assert.Equal(2, Told.Count);
        Assert.Equal("2 new notifications", Told[^1].Subject);
        Assert.Contains("dora and one other follow you", Told[^1].Text, StringComparison.Ordinal);

        await FollowAsync(3);
        await MarkAsync((await ListAsync())[0].Id);
        await AdvanceAsync(2 * Day);
        Assert.Equal(2, Told.Count);
    }

    [Fact]
    public async Task Once_a_week_is_once_a_week()
    {
        await KeepAsync(new ReaderHours("UTC", default, default, DayOfWeek.Monday, 8));
        for (var days = 0; days < 14; days++)
        {
            await FollowAsync(days % _fans.Count);
            await AdvanceAsync(Day);
        }

        // From Friday, 2 January 2026 on; nobody follows anew after the first days.
        Assert.Equal("4 new notifications", Told[0].Subject);
        Assert.Equal("A new notification", Told[1].Subject);
        Assert.Equal(2, Told.Count);
    }

    [Fact]
    public async Task A_digest_that_was_begun_by_who_was_killed_then_comes_and_once()
    {
        await FollowAsync(0);
        var store = _world.Get<INotificationMailStore>();
        await _world.Get<PlanNotificationMails>().HandleAsync(Token);
        _time.Advance(5 * Hour);
        var due = Assert.Single(await store.DueAsync(_time.GetUtcNow(), 9, Token));
        Assert.True(await store.OpenAsync(due, _time.GetUtcNow() + Minute, Token));
        // Killed: it counts as ordered and is not.
        Assert.False(await store.OpenAsync(due, _time.GetUtcNow() + Minute, Token));
        await AdvanceAsync(5 * Minute);
        Assert.Single(Told);
        await AdvanceAsync(2 * Day);
        Assert.Single(Told);
    }

    [Fact]
    public async Task Who_sent_one_and_could_not_say_so_to_its_writer_keeps_no_later_one()
    {
        await ChooseAsync(MailedWhen.AtOnce);
        await FollowAsync(0);
        _time.Advance(5 * Minute);
        await PlanAsync();
        var mails = _world.Get<IMailStore>();
        var due = Assert.Single(await mails.ClaimAsync(9, Minute, Token));
        await mails.EndAsync(due, MailState.Sent, "", Token);
        await AdvanceAsync(5 * Minute);
        await FollowAsync(1);
        await AdvanceAsync(5 * Minute);
        Assert.Equal("cem follows you", Assert.Single(Told).Subject);
    }

    [Fact]
    public async Task Nobody_gets_any_at_an_address_that_is_not_confirmed()
    {
        var ben = _fans[0];
        await ApplyAsync(Followed(1, of: ben));
        await AdvanceAsync(8 * Day);
        Assert.Empty(Told);
        Assert.Empty(
            await _world
                .Get<INotificationMailStore>()
                .DueAsync(_time.GetUtcNow() + (9 * Day), 9, Token)
        );
    }

    [Fact]
    public async Task What_the_link_in_a_mail_ends_is_off_in_the_settings_until_it_is_chosen_again()
    {
        await ChooseAsync(MailedWhen.AtOnce);
        await FollowAsync(0);
        await AdvanceAsync(5 * Minute);
        var link = new Uri(Assert.Single(Told).UnsubscribeUrl!);
        Assert.True(
            (await _world.Get<Unsubscribe>().HandleAsync(link.Segments[^1], Token)).Succeeded
        );
        var choose = _world.Get<ChooseNotificationMails>();
        var chosen = await choose.ReadAsync(_ana, Token);
        Assert.True(chosen.EndedByMail);
        Assert.Equal(MailedWhen.Never, chosen.When[NotificationKind.Follow]);
        // The other mail is not ended with it.
        Assert.Equal(MailedWhen.InDigest, chosen.When[NotificationKind.Mention]);
        await FollowAsync(1);
        await AdvanceAsync(2 * Day);
        Assert.Single(Told);

        await ChooseAsync(MailedWhen.AtOnce);
        Assert.False((await choose.ReadAsync(_ana, Token)).EndedByMail);
        await FollowAsync(2);
        await AdvanceAsync(7 * Hour);
        Assert.Equal(2, Told.Count);
    }

    [Fact]
    public async Task By_themselves_likes_come_never_and_what_asks_for_an_answer_in_the_digest()
    {
        var chosen = (await _world.Get<ChooseNotificationMails>().ReadAsync(_ana, Token)).When;
        Assert.Equal(Enum.GetValues<NotificationKind>(), chosen.Keys.Order());
        Assert.Equal(
            [NotificationKind.Repost, NotificationKind.Like],
            chosen.Where(one => one.Value == MailedWhen.Never).Select(one => one.Key).Order()
        );
        Assert.DoesNotContain(MailedWhen.AtOnce, chosen.Values);
    }

    [Theory]
    [InlineData("Europe/Atlantis", 22, 7, KeepHours.Zone)]
    [InlineData("../../etc/passwd", 22, 7, KeepHours.Zone)]
    [InlineData("UTC\0", 22, 7, KeepHours.Zone)]
    [InlineData("UTC", 8, 7, null)]
    public async Task Hours_that_cannot_be_are_refused(string zone, int from, int to, string? field)
    {
        var hours = new ReaderHours(zone, new(from, 0), new(to, 0), null, 8);
        var kept = await _world.Get<KeepHours>().HandleAsync(_ana, hours, Token);
        Assert.Equal(field, kept.Problem?.Field);
        var whole = hours with { Zone = "UTC", QuietFrom = new(7, 30), QuietTo = new(7, 0) };
        Assert.Equal(
            KeepHours.QuietTo,
            (await _world.Get<KeepHours>().HandleAsync(_ana, whole, Token)).Problem?.Field
        );
    }

    [Fact]
    public async Task Others_ask_for_the_quiet_hours_of_many_at_once()
    {
        await KeepAsync(new ReaderHours("UTC", new(22, 0), new(7, 0), null, 8));
        var found = await _world
            .Get<IReaderHours>()
            .QuietHoursAsync(new[] { _ana, _fans[0] }, Token);
        Assert.Equal(
            new QuietHours(new(22, 0), new(7, 0), TimeZoneInfo.Utc),
            Assert.Single(found).Value
        );
    }

    private async Task<AccountId> SignUpAsync(string name)
    {
        var account = (await _world.SignUpAsync(name)).Account;
        await RunAsync();
        var link = Regex.Match(_world.Mails.Mails[^1].Text, @"/confirm/(\S+)").Groups[1].Value;
        Assert.True((await _world.Get<ConfirmEmail>().HandleAsync(link, Token)).Succeeded);
        return account;
    }

    private Task ChooseAsync(MailedWhen follows) =>
        _world
            .Get<ChooseNotificationMails>()
            .HandleAsync(
                _ana,
                new Dictionary<NotificationKind, MailedWhen>
                {
                    [NotificationKind.Follow] = follows,
                },
                Token
            );

    private async Task KeepAsync(ReaderHours hours) =>
        Assert.True((await _world.Get<KeepHours>().HandleAsync(_ana, hours, Token)).Succeeded);

    private async Task MarkAsync(NotificationId through) =>
        Assert.True(
            (
                await _world
                    .Get<KeepMarkers>()
                    .HandleAsync(
                        _ana,
                        new Dictionary<MarkedTimeline, long>
                        {
                            [MarkedTimeline.Notifications] = through.Value,
                        },
                        Token
                    )
            ).Succeeded
        );

    private ValueTask<IReadOnlyList<Notification>> ListAsync() =>
        _world
            .Get<INotificationStore>()
            .ListAsync(_ana, NotificationFilter.All, new Page(99), Token);

    private NotifyingEvent Followed(int fan, AccountId? of = null) =>
        new(
            ++_sequence,
            null,
            [
                new NotificationChange(
                    new(of ?? _ana, NotificationKind.Follow, _fans[fan], default),
                    Stands: true
                ),
            ]
        );

    private async Task FollowAsync(params int[] fans)
    {
        foreach (var fan in fans)
        {
            await ApplyAsync(Followed(fan));
        }
    }

    private Task<int> ApplyAsync(NotifyingEvent happened) =>
        _world.Get<INotificationStore>().ApplyAsync("notifications", [happened], Token);

    /// <summary>In steps, with all that is done at each.</summary>
    private async Task AdvanceAsync(TimeSpan by)
    {
        var step = by > 2 * Hour ? 10 * Minute : Minute;
        for (var end = _time.GetUtcNow() + by; _time.GetUtcNow() < end; )
        {
            _time.Advance(step);
            await RunAsync();
        }
    }

    private async Task PlanAsync()
    {
        while (await _world.Get<PlanNotificationMails>().HandleAsync(Token) > 0) { }
    }

    private async Task RunAsync()
    {
        await PlanAsync();
        while (await _world.Get<SendMails>().HandleAsync(Token) is { Tried: > 0, CanSend: true })
        { }
    }
}

/// <summary>Who does all that is told follows, and is hidden from nobody.</summary>
public class EverybodyFollows : DispatchProxy
{
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.Name == nameof(IGraph.BetweenAsync)
            ? new ValueTask<IReadOnlyList<Relationship>>([
                .. ((IReadOnlyList<(AccountId Viewer, AccountId Other)>)args![0]!).Select(
                    pair => new Relationship(pair.Other, false, true, false, false, false)
                ),
            ])
            : throw new NotSupportedException(targetMethod?.Name);
}

/// <summary>Nothing of it is asked.</summary>
public class Nobody : DispatchProxy
{
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        throw new NotSupportedException(targetMethod?.Name);
}
