using Rookery.Accounts;
using Rookery.Media;
using Xunit;

namespace Rookery.Contract.Tests.Accounts;

/// <summary>What stores promise of the pictures that accounts show of themselves.</summary>
public abstract partial class AccountStoreContract
{
    private static readonly DateTimeOffset Held = DateTimeOffset.MaxValue;

    private static int _media;

    [Fact]
    public async Task Pictures_are_shown_replaced_and_removed_and_those_that_left_are_told()
    {
        var ana = await SignUpAsync("Ana");
        var (first, second, wide) = (Picture(), Picture(), Picture());
        await ShowAsync(ana, first, wide);
        await ReopenAsync();
        var card = Assert.Single(await Store.CardsAsync(new[] { ana }, Token));
        Assert.Equal((first.Blob, wide.Blob), (card.Avatar, card.Header));
        Assert.Empty(Emitted.OfType<AccountPicturesLeft>());
        Assert.Equal([first.Medium, wide.Medium], await ShownAsync(first, second, wide));

        var after = (await ShowAsync(ana, second, null)).Value;
        Assert.Equal((second.Blob, wide.Blob), (after.Avatar, after.Header));
        Assert.Equal([second.Medium, wide.Medium], await ShownAsync(first, second, wide));
        await ShowAsync(ana, default(ProfilePicture), default(ProfilePicture));
        await ShowAsync(ana, default(ProfilePicture), null);
        var none = Assert.Single(await Store.AllAboveAsync(default, 10, Token));
        Assert.Equal((null, null), (none.Avatar, none.Header));
        Assert.Empty(await ShownAsync(first, second, wide));

        Assert.Equal(
            [first.Medium, second.Medium, wide.Medium],
            Emitted.OfType<AccountPicturesLeft>().SelectMany(left => left.Media)
        );
        Assert.All(Emitted.OfType<AccountPicturesLeft>(), left => Assert.Equal(ana, left.Account));
        Assert.Equal(3, Emitted.OfType<ProfileChanged>().Count());
    }

    [Fact]
    public async Task A_picture_whose_hold_has_ended_or_that_was_shown_before_changes_nothing()
    {
        var ana = await SignUpAsync("Ana");
        var (shown, late) = (Picture(), Picture());
        await ShowAsync(ana, shown, null);
        var asOf = (await Store.ShownAsync(new[] { late.Medium }, Token)).AsOf;
        var ended = await Store.EditProfileAsync(
            ana,
            Name("Eve"),
            null,
            null,
            Token,
            new ProfilePictures(late, null, asOf.AddMilliseconds(-1))
        );
        Assert.Equal(ProblemKind.Unavailable, ended.Problem?.Kind);
        await ShowAsync(ana, default(ProfilePicture), null);
        Assert.Equal(ProblemKind.Conflict, (await ShowAsync(ana, shown, null)).Problem?.Kind);

        var card = Assert.Single(await Store.CardsAsync(new[] { ana }, Token));
        Assert.Equal((null, "Ana"), (card.Avatar, card.DisplayName));
        Assert.Empty(await ShownAsync(shown, late));
    }

    [Fact]
    public async Task What_an_account_showed_is_shown_no_longer_when_it_is_deleted()
    {
        var (ana, bob) = (await SignUpAsync("Ana"), await SignUpAsync("bob"));
        var (hers, his) = (Picture(), Picture());
        await ShowAsync(ana, hers, null);
        await ShowAsync(bob, his, null);
        await Store.DeleteAsync(ana, Token);
        Assert.Equal([his.Medium], await ShownAsync(hers, his));
        Assert.Equal(ProblemKind.NotFound, (await ShowAsync(ana, Picture(), null)).Problem?.Kind);
    }

    private static ProfilePicture Picture() =>
        new(new MediaId(Interlocked.Increment(ref _media)), BlobName.Draw(MediaKind.Png));

    private Task<Result<AccountCard>> ShowAsync(
        AccountId account,
        ProfilePicture? avatar,
        ProfilePicture? header
    ) =>
        Store.EditProfileAsync(
            account,
            null,
            null,
            null,
            Token,
            new ProfilePictures(avatar, header, Held)
        );

    private async Task<IEnumerable<MediaId>> ShownAsync(
        params IReadOnlyList<ProfilePicture> pictures
    ) =>
        (await Store.ShownAsync(pictures.Select(one => one.Medium).ToArray(), Token)).Media.OrderBy(
            id => id.Value
        );
}
