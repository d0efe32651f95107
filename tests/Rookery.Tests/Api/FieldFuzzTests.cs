using System.Text;
using Rookery.Api;
using Xunit;

namespace Rookery.Tests.Api;

/// <summary>Whatever bytes come, reading ends in fields or in a problem that a client can be shown.</summary>
public sealed class FieldFuzzTests
{
    private const int Rounds = 10_000;

    private static readonly string[] _types =
    [
        Requests.Json,
        Requests.Form,
        "multipart/form-data; boundary=x",
    ];

    private static readonly byte[][] _seeds =
    [
        .. new[]
        {
            "{\"name\":\"Zo\\u00eb \\ud83d\\udc26\",\"ids\":[1,\"2\",[3]],\"id\":7,\"f\":true,\"o\":{\"a\":[null,1e9]}}",
            "name=Zo%C3%AB+%F0%9F%90%A6&ids[]=1&ids%5B%5D=2&id=7&f=true&=&&x",
            "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nZoë\r\n--x\r\nContent-Disposition: form-data; name=\"id\"; filename=\"f\"\r\nContent-Type: a/b\r\n\r\n7\r\n--x--\r\n",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public async Task Random_bytes_never_throw()
    {
        var random = new Random(20_120_905);
        for (var round = 0; round < Rounds; round++)
        {
            var body = new byte[random.Next(64)];
            random.NextBytes(body);
            await ReadAllAsync(_types[round % 3], body, $"round {round}");
        }
    }

    [Fact]
    public async Task Spoiled_good_bodies_never_throw()
    {
        var random = new Random(5_013_715);
        for (var round = 0; round < Rounds; round++)
        {
            var kind = round % 3;
            await ReadAllAsync(_types[kind], Spoil(_seeds[kind], random), $"round {round}");
        }
    }

    [Fact]
    public async Task Good_bodies_cut_at_every_byte_never_throw()
    {
        for (var kind = 0; kind < _seeds.Length; kind++)
        {
            for (var length = 0; length <= _seeds[kind].Length; length++)
            {
                await ReadAllAsync(_types[kind], _seeds[kind][..length], $"cut at {length}");
            }
        }
    }

    private static byte[] Spoil(byte[] good, Random random)
    {
        var bytes = good.ToList();
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(8, bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }

    private static async Task ReadAllAsync(string type, byte[] body, string which)
    {
        var fields = await OpenAsync(type, body, which);
        foreach (var name in (string[])["name", "id", "ids", "f", "o"])
        {
            fields.Account(name);
            fields.OptionalText(name, max: 3);
            fields.Flag(name);
            fields.Names(name, 4);
            fields.Posts(name, 4);
        }

        fields.Page();
        Assert.True(fields.Problem is { Detail.Length: > 20 }, which);
    }

    private static async Task<RequestFields> OpenAsync(string type, byte[] body, string which)
    {
        // The body is also the query: the same bytes must not hurt there either.
        var query = "?" + Encoding.Latin1.GetString(body);
        RequestFields? fields = null;
        var thrown = await Record.ExceptionAsync(async () =>
            fields = await Requests.ReadAsync(type, body, query)
        );
        Assert.True(thrown is null, $"{which}: {thrown} for {Convert.ToHexString(body)}");
        return fields!;
    }
}
