using System.Text;
using Rookery.Api;
using Xunit;

namespace Rookery.Tests.Api;

public sealed class UnendedFieldTests
{
    [Theory]
    [InlineData("{\"user_id\":\"7\",\"status\":\"aaaa", "status")]
    [InlineData(" \n{\"media_ids\":[\"1\",\"2\"", "media_ids")]
    [InlineData("{\"status\":{\"deep\":\"aaaa", "status")]
    [InlineData("user_id=7&status=aaaa", "status")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"status\"\r\n\r\naaaa", "status")]
    [InlineData("{\"aaaa", null)]
    [InlineData("{]aaaa", null)]
    [InlineData("aaaa", null)]
    [InlineData("<script>=aaaa", null)]
    [InlineData("", null)]
    public void The_field_that_a_body_breaks_off_in_is_found(string beginning, string? field) =>
        Assert.Equal(field, UnendedField.Of(Encoding.UTF8.GetBytes(beginning)));
}
