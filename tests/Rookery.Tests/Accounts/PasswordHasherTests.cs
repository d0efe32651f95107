using Microsoft.Extensions.Options;
using Rookery.Accounts;
using Xunit;

namespace Rookery.Tests.Accounts;

public sealed class PasswordHasherTests
{
    private const string Password = "plover ice tern";

    private readonly PasswordHasher _hasher = WithRounds(1000);

    [Fact]
    public void Only_the_password_itself_is_verified()
    {
        var stored = _hasher.Hash(Password);
        Assert.StartsWith("pbkdf2-sha512$1000$", stored, StringComparison.Ordinal);
        Assert.True(_hasher.Verify(Password, stored));
        Assert.False(_hasher.Verify("Plover ice tern", stored));
        Assert.False(_hasher.Verify("", stored));
        Assert.False(_hasher.Verify(new string('x', 1_000_000), stored));
        Assert.False(_hasher.Verify("half\uD800", stored));
    }

    [Fact]
    public void The_function_is_the_one_it_says()
    {
        // Computed with Python: hashlib.pbkdf2_hmac("sha512", b"plover ice tern", bytes(range(16)), 1000, 32).
        const string Known =
            "pbkdf2-sha512$1000$AAECAwQFBgcICQoLDA0ODw==$w4MzbmIt2Nj1W7UqZbZ3lj4WT3FYwvB0gPM0dAIET4k=";
        Assert.True(_hasher.Verify(Password, Known));
    }

    [Fact]
    public void Each_hash_has_its_own_salt() =>
        Assert.NotEqual(_hasher.Hash(Password), _hasher.Hash(Password));

    [Theory]
    [InlineData("ca\u00E7adores de p\u00E9", "cac\u0327adores de pe\u0301")]
    [InlineData("plover123456", "ｐｌｏｖｅｒ１２３４５６")]
    public void The_same_keys_are_the_same_password_on_every_keyboard(string one, string other) =>
        Assert.True(_hasher.Verify(other, _hasher.Hash(one)));

    [Fact]
    public void Other_rounds_are_verified_and_then_renewed()
    {
        var stored = WithRounds(2000).Hash(Password);
        Assert.True(_hasher.Verify(Password, stored));
        Assert.True(_hasher.NeedsRehash(stored));
        Assert.False(_hasher.NeedsRehash(_hasher.Hash(Password)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plover ice tern")]
    [InlineData("pbkdf2-sha512$1000$$")]
    [InlineData(
        "pbkdf2-sha512$0$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    )]
    [InlineData(
        "pbkdf2-sha512$-5$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    )]
    [InlineData("md5$1000$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void Where_nothing_readable_is_stored_no_password_fits(string stored)
    {
        Assert.False(_hasher.Verify(Password, stored));
        Assert.True(_hasher.NeedsRehash(stored));
    }

    [Fact]
    public void A_password_that_nobody_can_have_is_not_hashed() =>
        Assert.Throws<ArgumentException>(() => _hasher.Hash(new string('x', 513)));

    [Fact]
    public void The_defaults_are_those_of_the_documentation()
    {
        var options = new AccountsOptions();
        Assert.Equal(210_000, options.PasswordRounds);
        Assert.Equal(60, options.SignUpsPerHourAndAddress);
        Assert.Equal(60, options.LogInsPerMinuteAndAddress);
        Assert.Equal(10, options.LogInsPerMinuteAndName);
    }

    private static PasswordHasher WithRounds(int rounds) =>
        new(Options.Create(new AccountsOptions { PasswordRounds = rounds }));
}
