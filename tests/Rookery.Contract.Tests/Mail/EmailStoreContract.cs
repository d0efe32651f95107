using Rookery.Accounts;
using Rookery.Mail;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Contract.Tests.Mail;

/// <summary>What every store of accounts' addresses promises.</summary>
public abstract class EmailStoreContract
{
    private const string First = "first hash";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    protected abstract IEmailStore Store { get; }

    protected abstract IMailStore Mails { get; }

    protected abstract IAccountStore Accounts { get; }

    private protected FakeTime Time { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_account_is_asked_to_confirm_its_address_in_its_language_and_can_be_found_by_it()
    {
        var ana = await SignUpAsync("ana", "Ana@Example.org", language: "de");
        var bob = await SignUpAsync("bob", "ana@example.ORG", isMailed: false);

        Assert.Equal(
            new AccountEmail(ana, "ana", "ana", "Ana@Example.org", false, "", "de"),
            await Store.FindAsync(ana, Token)
        );
        Assert.Equal(
            [ana, bob],
            (await Store.FindAsync("ana@example.org", 9, Token)).Select(one => one.Account)
        );
        Assert.Equal(
            ana,
            Assert.Single(await Store.FindAsync("ana@example.org", 1, Token)).Account
        );
        Assert.Empty(await Store.FindAsync("", 9, Token));
        Assert.Equal([(AccountMails.Confirm, ana)], await OrderedAsync());
    }

    [Fact]
    public async Task Whose_address_it_is_is_found_before_all_who_only_signed_up_with_it()
    {
        foreach (var stranger in (string[])["one", "two", "three"])
        {
            await SignUpAsync(stranger, "ana@example.org");
        }

        var ana = await ConfirmedAsync("ana");

        Assert.Equal(
            ana,
            Assert.Single(await Store.FindAsync("ana@example.org", 1, Token)).Account
        );
        Assert.Equal(4, (await Store.FindAsync("ana@example.org", 9, Token)).Count);
    }

    [Fact]
    public async Task A_link_confirms_the_address_once()
    {
        var ana = await SignUpAsync("ana");
        var link = await LinkAsync(ana, LinkKind.Confirm, "ana@example.org");

        Assert.Equal(
            new OpenLink(ana, "ana", "ana@example.org"),
            await Store.LinkAsync(link, LinkKind.Confirm, Time.GetUtcNow(), Token)
        );
        Assert.Null(await Store.LinkAsync(link, LinkKind.Password, Time.GetUtcNow(), Token));
        Assert.False((await Store.SetPasswordAsync(link, "stolen", Token)).Succeeded);
        Assert.Equal(ana, (await Store.ConfirmAsync(link, Token)).Value);

        Assert.True((await Store.FindAsync(ana, Token))!.IsConfirmed);
        var again = await Store.ConfirmAsync(link, Token);
        Assert.Equal((ProblemKind.Invalid, "token"), (again.Problem!.Kind, again.Problem.Field));
        Assert.Null(await Store.LinkAsync(link, LinkKind.Confirm, Time.GetUtcNow(), Token));
    }

    [Theory]
    [InlineData(LinkKind.Confirm)]
    [InlineData(LinkKind.Password)]
    public async Task A_link_whose_time_is_over_does_nothing_and_goes(LinkKind kind)
    {
        var ana = await SignUpAsync("ana");
        var link = await LinkAsync(ana, kind, "ana@example.org");

        Time.Advance(Hour);

        Assert.Null(await Store.LinkAsync(link, kind, Time.GetUtcNow(), Token));
        Assert.False((await Store.ConfirmAsync(link, Token)).Succeeded);
        Assert.False((await Store.SetPasswordAsync(link, "new", Token)).Succeeded);
        Assert.Equal(First, (await Accounts.CredentialsAsync(ana, Token))!.PasswordHash);
        Assert.Equal(1, await Store.PruneLinksAsync(Time.GetUtcNow(), 9, Token));
        Assert.Equal(0, await Store.PruneLinksAsync(Time.GetUtcNow(), 9, Token));
    }

    [Fact]
    public async Task Of_one_kind_the_newest_links_work_and_only_so_many()
    {
        var ana = await SignUpAsync("ana");
        var links = new List<TokenHash>();
        for (var i = 0; i <= IEmailStore.MaxLinks; i++)
        {
            links.Add(await LinkAsync(ana, LinkKind.Password, "ana@example.org"));
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        var open = new List<bool>();
        foreach (var link in links)
        {
            open.Add(
                await Store.LinkAsync(link, LinkKind.Password, Time.GetUtcNow(), Token) is not null
            );
        }

        Assert.Equal([false, .. Enumerable.Repeat(true, IEmailStore.MaxLinks)], open);
    }

    [Fact]
    public async Task A_link_sets_the_password_once_and_ends_every_session_and_every_other_link()
    {
        var ana = await SignUpAsync("ana");
        var (one, other) = (
            await LinkAsync(ana, LinkKind.Password, "ana@example.org"),
            await LinkAsync(ana, LinkKind.Password, "ana@example.org")
        );
        Assert.NotNull(await Accounts.SessionAsync(SessionOf("ana"), Token));
        await OrderedAsync();

        var outcomes = await Task.WhenAll(
            Store.SetPasswordAsync(one, "new", Token),
            Store.SetPasswordAsync(other, "newer", Token)
        );

        Assert.Single(outcomes, outcome => outcome.Succeeded);
        Assert.Null(await Accounts.SessionAsync(SessionOf("ana"), Token));
        Assert.NotEqual(First, (await Accounts.CredentialsAsync(ana, Token))!.PasswordHash);
        // Whoever has the link reads the mail.
        Assert.True((await Store.FindAsync(ana, Token))!.IsConfirmed);
        Assert.Equal([(AccountMails.OfPassword, ana)], await OrderedAsync());
    }

    [Fact]
    public async Task An_address_that_is_not_confirmed_is_replaced()
    {
        var ana = await SignUpAsync("ana");
        var old = await LinkAsync(ana, LinkKind.Confirm, "ana@example.org");
        var password = await LinkAsync(ana, LinkKind.Password, "ana@example.org");
        await OrderedAsync();

        Assert.True(
            (await Store.ChangeAsync(ana, Email("new@example.org"), null, Token)).Succeeded
        );

        Assert.Equal(("new@example.org", false, ""), await StateAsync(ana));
        Assert.Empty(await Store.FindAsync("ana@example.org", 9, Token));
        Assert.Null(await Store.LinkAsync(old, LinkKind.Confirm, Time.GetUtcNow(), Token));
        Assert.Null(await Store.LinkAsync(password, LinkKind.Password, Time.GetUtcNow(), Token));
        Assert.False((await Store.ConfirmAsync(old, Token)).Succeeded);
        Assert.False((await Store.SetPasswordAsync(password, "stolen", Token)).Succeeded);
        Assert.Equal([(AccountMails.Confirm, ana)], await OrderedAsync());
    }

    [Fact]
    public async Task One_that_is_confirmed_stays_until_the_new_one_is_and_its_reader_is_told()
    {
        var ana = await ConfirmedAsync("ana");

        var without = await Store.ChangeAsync(ana, Email("new@example.org"), null, Token);
        var wrong = await Store.ChangeAsync(ana, Email("new@example.org"), "another", Token);
        Assert.Equal(
            (ProblemKind.Forbidden, ProblemKind.Conflict),
            (without.Problem!.Kind, wrong.Problem!.Kind)
        );
        Assert.Empty(await OrderedAsync());

        Assert.True(
            (await Store.ChangeAsync(ana, Email("new@example.org"), First, Token)).Succeeded
        );
        Assert.Equal(("ana@example.org", true, "new@example.org"), await StateAsync(ana));
        Assert.Equal(
            [(AccountMails.Confirm, ana), (AccountMails.OfRequest, ana)],
            await OrderedAsync()
        );

        var link = await LinkAsync(ana, LinkKind.Confirm, "new@example.org");
        var password = await LinkAsync(ana, LinkKind.Password, "new@example.org");
        Assert.NotNull(await Store.LinkAsync(link, LinkKind.Confirm, Time.GetUtcNow(), Token));
        Assert.Null(await Store.LinkAsync(password, LinkKind.Password, Time.GetUtcNow(), Token));
        Assert.True((await Store.ConfirmAsync(link, Token)).Succeeded);
        Assert.Equal(("new@example.org", true, ""), await StateAsync(ana));
        Assert.Single(await Store.FindAsync("new@example.org", 9, Token));
        Assert.Equal([(AccountMails.OfEmail, ana)], await OrderedAsync());
    }

    [Fact]
    public async Task Who_gives_the_address_that_stands_already_ends_the_change_to_another()
    {
        var ana = await ConfirmedAsync("ana");
        await Store.ChangeAsync(ana, Email("new@example.org"), First, Token);
        var link = await LinkAsync(ana, LinkKind.Confirm, "new@example.org");

        await Store.ChangeAsync(ana, Email("ana@example.org"), First, Token);

        Assert.Equal(("ana@example.org", true, ""), await StateAsync(ana));
        Assert.False((await Store.ConfirmAsync(link, Token)).Succeeded);
    }

    [Fact]
    public async Task A_new_password_ends_what_whoever_knew_the_old_one_had_begun()
    {
        var ana = await ConfirmedAsync("ana");
        await Store.ChangeAsync(ana, Email("thief@example.org"), First, Token);
        var confirm = await LinkAsync(ana, LinkKind.Confirm, "thief@example.org");
        var password = await LinkAsync(ana, LinkKind.Password, "ana@example.org");
        await OrderedAsync();

        await Accounts.SetPasswordAsync(ana, "new", First, null, Token);

        Assert.Equal(("ana@example.org", true, ""), await StateAsync(ana));
        Assert.False((await Store.ConfirmAsync(confirm, Token)).Succeeded);
        Assert.False((await Store.SetPasswordAsync(password, "stolen", Token)).Succeeded);
        Assert.Equal([(AccountMails.OfPassword, ana)], await OrderedAsync());
    }

    [Fact]
    public async Task Of_log_ins_is_told_where_mail_arrives_and_that_is_wanted_and_not_without_end()
    {
        var (ana, bob) = (await ConfirmedAsync("ana"), await SignUpAsync("bob"));
        await OrderedAsync();

        await LogInAsync(bob, "unconfirmed");
        await LogInAsync(ana, "one");
        Assert.Equal([(AccountMails.OfLogIn, ana)], await OrderedAsync());

        await Mails.WantAsync(ana, AccountMails.OfLogIn, false, Token);
        await LogInAsync(ana, "two");
        Assert.Empty(await OrderedAsync());

        await Mails.WantAsync(ana, AccountMails.OfLogIn, true, Token);
        for (var i = 0; i < 2 * AccountMails.MostLogInsPerHour; i++)
        {
            await LogInAsync(ana, $"more {i}");
        }

        Assert.Equal(AccountMails.MostLogInsPerHour - 1, (await OrderedAsync()).Count);
        Time.Advance(Hour);
        await LogInAsync(ana, "an hour later");
        Assert.Single(await OrderedAsync());
    }

    [Fact]
    public async Task With_an_account_its_address_and_its_links_go()
    {
        var ana = await ConfirmedAsync("ana");
        await Store.ChangeAsync(ana, Email("new@example.org"), First, Token);
        var confirm = await LinkAsync(ana, LinkKind.Confirm, "new@example.org");
        var password = await LinkAsync(ana, LinkKind.Password, "ana@example.org");

        await Accounts.DeleteAsync(ana, Token);

        Assert.Null(await Store.FindAsync(ana, Token));
        Assert.Empty(await Store.FindAsync("ana@example.org", 9, Token));
        Assert.False((await Store.ConfirmAsync(confirm, Token)).Succeeded);
        Assert.False((await Store.SetPasswordAsync(password, "new", Token)).Succeeded);
        Assert.Equal(
            ProblemKind.NotFound,
            (await Store.ChangeAsync(ana, Email("new@example.org"), null, Token)).Problem?.Kind
        );
        Assert.Empty(await OrderedAsync());
    }

    [Fact]
    public async Task An_account_chooses_the_language_of_its_mails()
    {
        var ana = await SignUpAsync("ana", language: "en");

        await Store.SpeakAsync(ana, "de", Token);

        Assert.Equal("de", (await Store.FindAsync(ana, Token))!.Language);
    }

    private async Task<(string Email, bool IsConfirmed, string Pending)> StateAsync(
        AccountId account
    )
    {
        var email = (await Store.FindAsync(account, Token))!;
        return (email.Email, email.IsConfirmed, email.Pending);
    }

    /// <summary>The mails that were ordered since this was last asked, by kind.</summary>
    private async Task<List<(string, AccountId)>> OrderedAsync() =>
        [
            .. (await Mails.ClaimAsync(99, TimeSpan.FromDays(9), Token))
                .Select(mail => (mail.Kind, mail.Account))
                .Order(),
        ];

    private async Task<AccountId> ConfirmedAsync(string name)
    {
        var account = await SignUpAsync(name);
        var link = await LinkAsync(account, LinkKind.Confirm, $"{name}@example.org");
        Assert.True((await Store.ConfirmAsync(link, Token)).Succeeded);
        await OrderedAsync();
        return account;
    }

    private async Task<AccountId> SignUpAsync(
        string name,
        string? email = null,
        string language = "",
        bool isMailed = true
    ) =>
        (
            await Accounts.SignUpAsync(
                new NewAccount(
                    Handle.Parse(name, "username").Value,
                    DisplayName.Parse(name, "name").Value,
                    Email(email ?? $"{name}@example.org"),
                    First,
                    SessionOf(name)
                )
                {
                    Language = language,
                    IsMailed = isMailed,
                },
                Token
            )
        ).Value;

    private async Task LogInAsync(AccountId account, string session) =>
        Assert.True(
            await Accounts.OpenSessionAsync(
                (await Accounts.CredentialsAsync(account, Token))!,
                SessionOf(session),
                null,
                Token,
                "Firefox, Linux"
            )
        );

    private async Task<TokenHash> LinkAsync(AccountId account, LinkKind kind, string email)
    {
        var link = AuthToken.Draw().Hash;
        await Store.AddLinkAsync(
            new NewLink(link, kind, account, email, Time.GetUtcNow() + Hour),
            Token
        );
        return link;
    }

    private static TokenHash SessionOf(string name) =>
        new(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)));

    private static EmailAddress Email(string text) => EmailAddress.Parse(text, "email").Value;
}
