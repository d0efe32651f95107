using System.Text.Json;
using Rookery.Api;
using Xunit;

namespace Rookery.Tests.Api;

public sealed class JsonAnswerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, "[]")]
    [InlineData(1, "[1]")]
    [InlineData(2, "[1,2]")]
    public async Task A_list_of_ids_is_an_array_of_numbers(int count, string expected)
    {
        await using var host = await HostAsync(Ids(count));

        Assert.Equal(expected, await host.Client.GetStringAsync("/followers", Token));
    }

    [Fact]
    public async Task A_million_ids_arrive_whole_and_start_before_the_last_is_known()
    {
        const int Many = 1_000_000;
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await HostAsync(Ids(Many, read.Task));

        using var answer = await host.Client.GetAsync(
            "/followers",
            HttpCompletionOption.ResponseHeadersRead,
            Token
        );
        await using var stream = await answer.Content.ReadAsStreamAsync(Token);
        var first = new byte[4096];
        await stream.ReadExactlyAsync(first, Token);
        read.SetResult();
        using var rest = new MemoryStream();
        await rest.WriteAsync(first, Token);
        await stream.CopyToAsync(rest, Token);

        var ids = JsonSerializer.Deserialize<long[]>(rest.ToArray());
        Assert.Equal(Enumerable.Range(1, Many).Select(id => (long)id), ids);
    }

    [Fact]
    public async Task A_list_that_fails_before_its_first_id_is_a_problem()
    {
        await using var host = await HostAsync(Away());
        using var answer = await host.Client.GetAsync("/followers", Token);

        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public void Ids_are_numbers_with_twins_in_one_API_and_strings_in_the_other()
    {
        var written = Write(json =>
        {
            json.WriteId("user_id", new AccountId(long.MaxValue));
            json.WriteTextId("tweet_id", PostId.Newest);
        });

        Assert.Equal(
            """{"user_id":9223372036854775807,"user_id_str":"9223372036854775807","tweet_id":"9223372036854775807"}""",
            written
        );
    }

    [Fact]
    public void Times_are_written_in_both_styles_whatever_their_offset()
    {
        var written = Write(json =>
        {
            json.WriteIsoTime("a", new(2026, 1, 2, 4, 4, 5, 678, TimeSpan.FromHours(1)));
            json.WriteClassicTime("b", new(2012, 9, 5, 0, 37, 15, TimeSpan.Zero));
        });

        Assert.Equal(
            """{"a":"2026-01-02T03:04:05.678Z","b":"Wed Sep 05 00:37:15 +0000 2012"}""",
            written
        );
    }

    [Fact]
    public void Text_is_written_as_UTF8_and_only_escaped_where_JSON_asks_for_it()
    {
        var written = Write(json => json.WriteString("a", "Zoë <b> \"q\" \n"));

        Assert.Equal("{\"a\":\"Zoë <b> \\\"q\\\" \\n\"}", written);
    }

    [Fact]
    public void A_writer_that_threw_leaves_nothing_to_the_next()
    {
        Assert.Throws<InvalidOperationException>(() =>
            Write(json =>
            {
                json.WriteString("half", "done");
                throw new InvalidOperationException();
            })
        );

        Assert.Equal("{}", Write(_ => { }));
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var scratch = JsonScratch.Rent();
        scratch.Json.WriteStartObject();
        write(scratch.Json);
        scratch.Json.WriteEndObject();
        return System.Text.Encoding.UTF8.GetString(scratch.Finish().Span);
    }

    private static Task<ApiHost> HostAsync(IAsyncEnumerable<AccountId> ids) =>
        ApiHost.StartAsync(routes =>
            Endpoints.Map(
                routes,
                "GET",
                "/followers",
                context => context.AnswerIdsAsync(ids),
                new("Followers", AuthKind.None)
            )
        );

    /// <summary>The last id comes only when <paramref name="read"/> says that some were read.</summary>
    private static async IAsyncEnumerable<AccountId> Ids(int count, Task? read = null)
    {
        for (var id = 1; id <= count; id++)
        {
            if (id == count && read is not null)
            {
                await read;
            }

            yield return new(id);
        }
    }

    private static async IAsyncEnumerable<AccountId> Away()
    {
        await Task.Yield();
        if (Token.CanBeCanceled)
        {
            throw new StoreUnavailableException();
        }

        yield return default;
    }
}
