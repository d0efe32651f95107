using Rookery.Mail;
using Xunit;

namespace Rookery.Tests.Mail;

public sealed class UnsubscribeTicketTests
{
    private static readonly byte[] Secret = [1, 2, 3];

    [Fact]
    public void A_ticket_says_whose_it_is_and_of_what_and_is_right_with_its_secret_alone()
    {
        var text = new UnsubscribeTicket(new AccountId(4_242_424_242), "account.log-in").Write(
            Secret
        );

        var read = UnsubscribeTicket.Read(text)!;
        Assert.Equal((new AccountId(4_242_424_242), "account.log-in"), (read.Account, read.Kind));
        Assert.True(read.IsOf(Secret));
        Assert.False(read.IsOf([1, 2, 4]));
        Assert.Matches("^[A-Za-z0-9_-]+$", text);
    }

    [Fact]
    public void One_that_is_changed_anywhere_is_none()
    {
        var text = new UnsubscribeTicket(new AccountId(7), "account.log-in").Write(Secret);
        for (var at = 0; at < text.Length; at++)
        {
            var changed = text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];
            // Its last letter may have bits that nothing stands in.
            Assert.True(
                UnsubscribeTicket.Read(changed) is not { } read
                    || !read.IsOf(Secret)
                    || read.Write(Secret) == text,
                changed
            );
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("not base64!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("../../etc/passwd")]
    public void What_is_none_is_read_as_none(string text) =>
        Assert.Null(UnsubscribeTicket.Read(text));

    [Fact]
    public void No_text_is_too_long_to_be_refused() =>
        Assert.Null(UnsubscribeTicket.Read(new string('A', 100_000)));
}
