using Rookery.Adapters.Logs;
using Xunit;

namespace Rookery.Tests.Logs;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("Authorization: Bearer abc.def-123 was sent", "Authorization: Bearer *** was sent")]
    [InlineData("Host=db1;Password=hunter2;Database=x", "Host=db1;Password=***;Database=x")]
    [InlineData("pwd = hunter2", "pwd = ***")]
    [InlineData("amqp://rookery:hunter2@host:5672/", "amqp://rookery:***@host:5672/")]
    [InlineData("/home?access_token=abc&limit=2", "/home?access_token=***&limit=2")]
    [InlineData("""{"password":"hunter2","name":"ana"}""", """{"password":"***","name":"ana"}""")]
    [InlineData("http://127.0.0.1:8080/ and [::1]:5672", "http://127.0.0.1:8080/ and [::1]:5672")]
    [InlineData("Redis:Nodes (127.0.0.1:1) key 17", "Redis:Nodes (127.0.0.1:1) key 17")]
    public void What_looks_like_a_secret_is_hidden(string text, string shown) =>
        Assert.Equal(shown, new Redaction([]).Hide(text));

    [Fact]
    public void Secrets_of_the_settings_are_hidden_wherever_they_stand() =>
        Assert.Equal(
            "refused *** and *** by name",
            new Redaction(["longsecret", "longsecret-more", "by"]).Hide(
                "refused longsecret-more and longsecret by name"
            )
        );

    [Theory]
    [InlineData("Host=db1;Username=r;Password=hunter2", "hunter2")]
    [InlineData("amqp://rookery:hunter2@host:5672/,amqp://rookery:other@host2/", "hunter2,other")]
    [InlineData("127.0.0.1:6379", "")]
    public void Secrets_in_a_setting_are_found(string setting, string secrets) =>
        Assert.Equal(secrets, string.Join(',', Redaction.In(setting)));
}
