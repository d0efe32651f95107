using System.Security.Cryptography;
using System.Text;
using Rookery.Accounts;
using Xunit;

namespace Rookery.Contract.Tests.Accounts;

/// <summary>What every store of accounts promises.</summary>
public abstract partial class AccountStoreContract
{
    protected abstract IAccountStore Store { get; set; }

    protected abstract IReadOnlyList<DomainEvent> Emitted { get; }

    /// <summary>The store is closed and opened on what it left.</summary>
    protected abstract ValueTask ReopenAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sixty_four_concurrent_creations_of_one_name_all_succeed_under_names_of_their_own()
    {
        var cards = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(_ => Store.CreateAsync(Name("Ali"), Token))
        );

        Assert.All(cards, card => Assert.Equal("Ali", card.DisplayName));
        Assert.Equal(64, cards.Select(card => card.Id).Distinct().Count());
        Assert.Equal(
            Enumerable.Range(1, 64).Select(i => i == 1 ? "ali" : $"ali_{i}").Order(),
            cards.Select(card => card.Username).Order()
        );
        Assert.Equal(64, Emitted.OfType<AccountCreated>().Count());
    }

    [Fact]
    public async Task A_derived_username_steps_over_those_that_are_taken()
    {
        await SignUpAsync("Ali_3");
        await SignUpAsync("all_5"); // looks like ali_5

        var usernames = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            usernames.Add((await Store.CreateAsync(Name("Ali"), Token)).Username);
        }

        Assert.Equal(6, usernames.Distinct().Count());
        Assert.Equal(["ali", "ali_2", "ali_4"], usernames.Take(3));
        Assert.DoesNotContain("ali_5", usernames);
    }

    [Fact]
    public async Task Of_sign_ups_that_race_for_names_that_look_alike_exactly_one_wins()
    {
        string[] alike = ["Bill_10", "bi1l_lo", "BILL_IO", "b1ii_1O"];
        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(i => Store.SignUpAsync(New(alike[i % alike.Length], $"token {i}"), Token))
        );

        var winner = Assert.Single(outcomes, outcome => outcome.Succeeded);
        Assert.All(
            outcomes.Where(outcome => !outcome.Succeeded),
            outcome =>
            {
                Assert.Equal(ProblemKind.Conflict, outcome.Problem!.Kind);
                Assert.Equal("username", outcome.Problem.Field);
            }
        );
        Assert.Equal(winner.Value, Assert.Single(Emitted.OfType<AccountCreated>()).Account);
        Assert.Single(await Store.ListAsync(default, 100, Token));
    }

    [Fact]
    public async Task A_sign_up_opens_a_session_and_one_that_fails_leaves_nothing_behind()
    {
        var ana = await SignUpAsync("ana", "first");
        Assert.Equal(ana, (await Store.SessionAsync(Session("first"), Token))?.Account);

        Assert.False((await Store.SignUpAsync(New("ANA", "second"), Token)).Succeeded);
        Assert.Null(await Store.SessionAsync(Session("second"), Token));
        Assert.Single(Emitted);
    }

    [Fact]
    public async Task A_session_is_refused_once_the_password_that_was_verified_is_not_the_password()
    {
        var ana = await SignUpAsync("ana");
        var old = (await Store.CredentialsAsync("ana", Token))!;
        Assert.True(await Store.SetPasswordAsync(ana, "new hash", null, null, Token));

        Assert.False(await Store.OpenSessionAsync(old, Session("late"), null, Token));
        Assert.Null(await Store.SessionAsync(Session("late"), Token));
        var current = (await Store.CredentialsAsync(ana, Token))!;
        Assert.True(await Store.OpenSessionAsync(current, Session("late"), "renewed", Token));
        Assert.Equal(ana, (await Store.SessionAsync(Session("late"), Token))?.Account);
        Assert.Equal("renewed", (await Store.CredentialsAsync(ana, Token))!.PasswordHash);
    }

    [Fact]
    public async Task A_new_password_ends_all_sessions_but_the_one_that_is_kept()
    {
        var ana = await SignUpAsync("ana", "kept");
        var bob = await SignUpAsync("bob", "another's");
        var credentials = (await Store.CredentialsAsync(ana, Token))!;
        await Store.OpenSessionAsync(credentials, Session("ended"), null, Token);

        Assert.True(
            await Store.SetPasswordAsync(
                ana,
                "second hash",
                credentials.PasswordHash,
                Session("kept"),
                Token
            )
        );
        Assert.Equal(ana, (await Store.SessionAsync(Session("kept"), Token))?.Account);
        Assert.Equal(bob, (await Store.SessionAsync(Session("another's"), Token))?.Account);
        Assert.Null(await Store.SessionAsync(Session("ended"), Token));
        Assert.Equal(ana, Assert.Single(Emitted.OfType<SessionsEnded>()).Account);
        Assert.False(
            await Store.SetPasswordAsync(
                ana,
                "third hash",
                credentials.PasswordHash,
                Session("kept"),
                Token
            )
        );
    }

    [Fact]
    public async Task Ending_sessions_is_told_once_and_only_if_there_were_any()
    {
        var ana = await SignUpAsync("ana", "one");
        Assert.False(await Store.EndSessionAsync(Session("none"), Token));
        Assert.True(await Store.EndSessionAsync(Session("one"), Token));
        Assert.False(await Store.EndSessionAsync(Session("one"), Token));
        await Store.EndSessionsAsync(ana, null, Token);

        Assert.Null(await Store.SessionAsync(Session("one"), Token));
        Assert.Equal(ana, Assert.Single(Emitted.OfType<SessionsEnded>()).Account);
    }

    [Fact]
    public async Task A_profile_edit_changes_what_it_names_and_tells_a_growing_version()
    {
        var ana = await SignUpAsync("Ana");
        var bio = Bio.Parse("Likes waders.", "bio").Value;
        Assert.Equal(
            "Anahí",
            (await Store.EditProfileAsync(ana, Name("Anahí"), null, null, Token)).Value.DisplayName
        );
        await Store.EditProfileAsync(ana, null, bio, null, Token);
        await Store.EditProfileAsync(ana, Name("Anahí"), bio, null, Token);

        var card = Assert.Single(await Store.CardsAsync(new[] { ana }, Token));
        Assert.Equal(
            ("Ana", "Anahí", "Likes waders."),
            (card.Username, card.DisplayName, card.Bio)
        );
        var versions = Emitted.OfType<ProfileChanged>().Select(change => change.Version).ToList();
        Assert.Equal(2, versions.Count);
        Assert.True(versions[0] < versions[1]);
        var nobody = await Store.EditProfileAsync(new AccountId(1), null, bio, null, Token);
        Assert.Equal(ProblemKind.NotFound, nobody.Problem?.Kind);
    }

    [Fact]
    public async Task Strangers_may_find_what_it_posts_unless_its_owner_says_otherwise()
    {
        var ana = await SignUpAsync("Ana");
        Assert.True(Assert.Single(await Store.CardsAsync(new[] { ana }, Token)).IsIndexable);

        Assert.False(
            (await Store.EditProfileAsync(ana, null, null, false, Token)).Value.IsIndexable
        );
        await Store.EditProfileAsync(ana, Name("Anahí"), null, null, Token);

        Assert.False(Assert.Single(await Store.CardsAsync(new[] { ana }, Token)).IsIndexable);
        Assert.Equal(2, Emitted.OfType<ProfileChanged>().Count());
        await Store.EditProfileAsync(ana, null, null, true, Token);
        Assert.True(Assert.Single(await Store.CardsAsync(new[] { ana }, Token)).IsIndexable);
    }

    [Fact]
    public async Task A_lock_is_kept_with_the_profile_and_told_when_it_changes()
    {
        var ana = await SignUpAsync("Ana");
        Assert.False(Assert.Single(await Store.CardsAsync(new[] { ana }, Token)).IsLocked);

        Assert.True((await LockAsync(true)).IsLocked);
        Assert.True((await LockAsync(true)).IsLocked);
        Assert.True(
            (await Store.EditProfileAsync(ana, Name("Anahí"), null, null, Token)).Value.IsLocked
        );
        Assert.True(Assert.Single(await Store.CardsAsync(new[] { ana }, Token)).IsLocked);
        Assert.True(Assert.Single(await Store.AllAboveAsync(default, 9, Token)).IsLocked);
        Assert.False((await LockAsync(false)).IsLocked);

        Assert.Equal(3, Emitted.OfType<ProfileChanged>().Count());
        Assert.Equal(
            [new AccountLocked(ana), new AccountUnlocked(ana)],
            Emitted.Where(one => one is AccountLocked or AccountUnlocked)
        );

        async Task<AccountCard> LockAsync(bool isLocked) =>
            (await Store.EditProfileAsync(ana, null, null, null, Token, isLocked: isLocked)).Value;
    }

    [Fact]
    public async Task All_active_accounts_are_walked_through_in_the_order_of_their_ids()
    {
        var made = new List<AccountId>();
        foreach (var name in (string[])["Ana", "Bob", "Cyd", "Dee"])
        {
            made.Add(await SignUpAsync(name));
        }

        await Store.DeleteAsync(made[1], Token);
        made.RemoveAt(1);
        made.Sort();

        var first = await Store.AllAboveAsync(default, 2, Token);
        var second = await Store.AllAboveAsync(first[^1].Id, 2, Token);

        Assert.Equal(made, first.Concat(second).Select(card => card.Id));
        Assert.Empty(await Store.AllAboveAsync(made[^1], 2, Token));
    }

    [Fact]
    public async Task A_deleted_account_leaves_a_tombstone_that_says_nothing_and_keeps_its_name()
    {
        var ana = await SignUpAsync("Ana", "session");
        await Store.EditProfileAsync(
            ana,
            Name("Anahí"),
            Bio.Parse("Waders", "bio").Value,
            null,
            Token
        );
        var credentials = (await Store.CredentialsAsync(ana, Token))!;

        Assert.True((await Store.DeleteAsync(ana, Token)).Value);
        Assert.False((await Store.DeleteAsync(ana, Token)).Value);

        Assert.Equal(ana, Assert.Single(Emitted.OfType<AccountDeleted>()).Account);
        Assert.Null(await Store.SessionAsync(Session("session"), Token));
        Assert.Null(await Store.CredentialsAsync(ana, Token));
        Assert.Null(await Store.CredentialsAsync("ana", Token));
        Assert.False(await Store.OpenSessionAsync(credentials, Session("later"), null, Token));
        Assert.False(await Store.SetPasswordAsync(ana, "hash", null, null, Token));
        Assert.False((await Store.EditProfileAsync(ana, Name("Eve"), null, null, Token)).Succeeded);
        Assert.Empty(await Store.CardsAsync(new[] { ana }, Token));
        Assert.Empty(await Store.ResolveAsync(["ana"], Token));
        var row = Assert.Single(await Store.ListAsync(default, 10, Token));
        Assert.Equal(
            new AccountRow(ana, "", "", "", AccountState.Deleted, false, row.CreatedAt),
            row
        );
        Assert.Equal(
            ProblemKind.Conflict,
            (await Store.SignUpAsync(New("ANA", "other"), Token)).Problem?.Kind
        );
    }

    [Fact]
    public async Task Deleting_an_account_that_never_was_is_not_found()
    {
        var outcome = await Store.DeleteAsync(new AccountId(42), Token);
        Assert.Equal(ProblemKind.NotFound, outcome.Problem?.Kind);
        Assert.Empty(Emitted);
    }

    [Fact]
    public async Task A_session_opened_while_its_account_is_deleted_never_outlives_it()
    {
        for (var i = 0; i < 20; i++)
        {
            var ana = await SignUpAsync($"ana_{i}x", $"first {i}");
            var credentials = (await Store.CredentialsAsync(ana, Token))!;
            var opening = Enumerable
                .Range(0, 4)
                .Select(k => Store.OpenSessionAsync(credentials, Session($"{i} {k}"), null, Token))
                .ToList();
            await Task.WhenAll([.. opening, Store.DeleteAsync(ana, Token)]);

            for (var k = 0; k < 4; k++)
            {
                Assert.Null(await Store.SessionAsync(Session($"{i} {k}"), Token));
            }
        }
    }

    [Fact]
    public async Task Reads_of_many_leave_out_what_is_not_there()
    {
        var ana = await SignUpAsync("Ana");
        var bob = await SignUpAsync("bob");
        var gone = await SignUpAsync("carol");
        await Store.DeleteAsync(gone, Token);

        var cards = await Store.CardsAsync(new[] { bob, ana, gone, new AccountId(7), bob }, Token);
        Assert.Equal([ana, bob], cards.Select(card => card.Id).Order());
        var known = await Store.ResolveAsync(["ana", "bob", "carol", "it's \"nobody\""], Token);
        Assert.Equal(2, known.Count);
        Assert.Equal((ana, bob), (known["ana"], known["bob"]));
        Assert.Empty(await Store.CardsAsync(ReadOnlyMemory<AccountId>.Empty, Token));
    }

    [Fact]
    public async Task Pages_of_the_list_together_are_all_accounts_in_order()
    {
        for (var i = 0; i < 7; i++)
        {
            await Store.CreateAsync(Name($"Person {i}"), Token);
        }

        var all = new List<AccountRow>();
        for (var after = default(AccountId); ; after = all[^1].Id)
        {
            var page = await Store.ListAsync(after, 3, Token);
            if (page.Count == 0)
            {
                break;
            }

            all.AddRange(page);
        }

        Assert.Equal(7, all.Count);
        Assert.Equal(all.OrderBy(row => row.Id), all);
        Assert.All(all, row => Assert.False(row.HasPassword));
    }

    [Fact]
    public async Task What_was_answered_is_there_after_a_reopen()
    {
        var ana = await SignUpAsync("Ana", "ana's");
        var bob = await SignUpAsync("bob", "bob's");
        var gone = await SignUpAsync("carol", "carol's");
        await Store.EditProfileAsync(ana, Name("Anahí"), null, null, Token);
        await Store.SetPasswordAsync(ana, "second hash", null, Session("ana's"), Token);
        await Store.EndSessionAsync(Session("bob's"), Token);
        await Store.DeleteAsync(gone, Token);
        await ReopenAsync();

        Assert.Equal(ana, (await Store.SessionAsync(Session("ana's"), Token))?.Account);
        Assert.Null(await Store.SessionAsync(Session("bob's"), Token));
        Assert.Null(await Store.SessionAsync(Session("carol's"), Token));
        Assert.Equal("second hash", (await Store.CredentialsAsync("ana", Token))!.PasswordHash);
        var cards = await Store.CardsAsync(new[] { ana, bob, gone }, Token);
        Assert.Equal(["Anahí", "bob"], cards.Select(card => card.DisplayName).Order());
        Assert.False((await Store.SignUpAsync(New("car0l", "again"), Token)).Succeeded);
        Assert.True((await Store.CreateAsync(Name("Dan"), Token)).Id > gone);
    }

    [Fact]
    public async Task Names_that_are_signed_up_derived_and_imported_at_once_never_look_alike()
    {
        var signing = Enumerable
            .Range(0, 16)
            .Select(i => Store.SignUpAsync(New(i % 2 == 0 ? "Lil_10" : "iil_lo", $"{i}"), Token));
        var creating = Enumerable
            .Range(0, 16)
            .Select(_ => Store.CreateAsync(Name("Lil 10"), Token));
        var importing = Enumerable
            .Range(0, 4)
            .Select(_ => Store.ImportAsync([Imported("LIL_1O"), Imported("other")], Token));
        var (signed, created, imported) = (
            Task.WhenAll(signing),
            Task.WhenAll(creating),
            Task.WhenAll(importing)
        );
        await Task.WhenAll(signed, created, imported);

        var rows = await Store.ListAsync(default, 100, Token);
        var skeletons = rows.Select(row => Handle.Parse(row.Username, "username").Value.Skeleton);
        Assert.Equal(rows.Count, skeletons.Distinct().Count());
        Assert.InRange((await signed).Count(outcome => outcome.Succeeded), 0, 1);
        Assert.Equal(16, (await created).Select(card => card.Id).Distinct().Count());
        Assert.Equal(2, (await imported).SelectMany(ids => ids).Distinct().Count());
    }

    [Fact]
    public async Task An_import_finds_the_accounts_that_are_there_and_makes_the_others()
    {
        var ana = await SignUpAsync("Ana");
        var gone = await SignUpAsync("carol");
        await Store.DeleteAsync(gone, Token);
        ImportedAccount[] file =
        [
            Imported("dan"),
            Imported("ANA"),
            Imported("carol"),
            Imported("dan"),
            Imported("4na"),
        ];
        var first = await Store.ImportAsync(file, Token);
        Assert.Equal(ana, first[1]);
        Assert.Null(first[2]);
        Assert.Equal(first[0], first[3]);
        Assert.Equal(first, await Store.ImportAsync(file, Token));
        await ReopenAsync();
        Assert.Equal(first, await Store.ImportAsync(file, Token));

        var dan = Assert.Single(await Store.CardsAsync(new[] { first[0]!.Value }, Token));
        Assert.Equal("dan", dan.Username);
        Assert.Empty((await Store.CredentialsAsync(dan.Id, Token))!.PasswordHash);
        Assert.Equal(4, (await Store.ListAsync(default, 100, Token)).Count);
    }

    [Fact]
    public async Task An_imported_name_that_looks_like_anothers_gets_the_same_number_each_time()
    {
        var lil = await SignUpAsync("lil");
        var first = await Store.ImportAsync([Imported("1il"), Imported("lil")], Token);
        Assert.Equal(lil, first[1]);
        Assert.NotEqual(lil, first[0]);
        var again = await Store.ImportAsync([Imported("lil"), Imported("1il")], Token);
        Assert.Equal([lil, first[0]], again);
        var card = Assert.Single(await Store.CardsAsync(new[] { first[0]!.Value }, Token));
        Assert.StartsWith("1il_", card.Username, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authors_whose_names_only_resemble_a_handle_get_accounts_of_their_own()
    {
        var person = await SignUpAsync("user");
        var alice = await SignUpAsync("alice_smith");
        ImportedAccount[] file =
        [
            ImportedAccount.Of("李小龍"),
            ImportedAccount.Of("Юрий"),
            ImportedAccount.Of("Alice Smith"),
            ImportedAccount.Of("alice_smith"),
            ImportedAccount.Of(new string('x', 60)),
            ImportedAccount.Of(new string('x', 61)),
        ];

        var first = await Store.ImportAsync(file, Token);

        Assert.Equal(file.Length, first.Distinct().Count());
        Assert.DoesNotContain(person, first);
        Assert.Equal(alice, first[3]);
        await ReopenAsync();
        Assert.Equal(first.Reverse(), await Store.ImportAsync([.. file.Reverse()], Token));
        Assert.Equal(first[0], Assert.Single(await Store.ImportAsync([file[0]], Token)));
    }

    private static ImportedAccount Imported(string handle) =>
        new(Handle.Parse(handle, "username").Value, Name(handle));

    private static DisplayName Name(string text) => DisplayName.Parse(text, "name").Value;

    [Fact]
    public async Task Sessions_of_an_account_are_listed_newest_first_and_ended_one_by_one_or_all_but_one()
    {
        var ana = await SignUpAsync("Ana", "one");
        var bob = await SignUpAsync("bob", "bob's");
        var credentials = (await Store.CredentialsAsync(ana, Token))!;
        foreach (var name in (string[])["two", "three"])
        {
            Assert.True(await Store.OpenSessionAsync(credentials, Session(name), null, Token));
        }

        var held = await Store.SessionsOfAsync(ana, Token);
        Assert.Equivalent(
            new[] { Session("one"), Session("two"), Session("three") },
            held.Select(one => one.Hash),
            strict: true
        );
        Assert.Equal(held.OrderByDescending(one => one.Session.OpenedAt), held);
        foreach (var one in held)
        {
            Assert.Equal(one.Session, await Store.SessionAsync(one.Hash, Token));
        }

        Assert.Empty(await Store.SessionsOfAsync(new AccountId(7), Token));

        Assert.False(await Store.EndSessionAsync(bob, Session("two"), Token));
        Assert.NotNull(await Store.SessionAsync(Session("two"), Token));
        Assert.Empty(Emitted.OfType<SessionsEnded>());
        Assert.True(await Store.EndSessionAsync(ana, Session("two"), Token));
        Assert.False(await Store.EndSessionAsync(ana, Session("two"), Token));
        Assert.Null(await Store.SessionAsync(Session("two"), Token));
        Assert.Single(Emitted.OfType<SessionsEnded>());

        await Store.EndSessionsAsync(ana, Session("one"), Token);
        Assert.Equal(Session("one"), Assert.Single(await Store.SessionsOfAsync(ana, Token)).Hash);
        Assert.NotNull(await Store.SessionAsync(Session("bob's"), Token));
        Assert.Equal([ana, ana], Emitted.OfType<SessionsEnded>().Select(ended => ended.Account));
        await Store.DeleteAsync(ana, Token);
        Assert.Empty(await Store.SessionsOfAsync(ana, Token));
    }

    private static TokenHash Session(string name) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private static NewAccount New(string username, string session) =>
        new(
            Handle.Parse(username, "username").Value,
            Name(username),
            EmailAddress.Parse($"{username}@example.org", "email").Value,
            "first hash",
            Session(session)
        );

    private async Task<AccountId> SignUpAsync(string username, string? session = null) =>
        (await Store.SignUpAsync(New(username, session ?? username), Token)).Value;
}
