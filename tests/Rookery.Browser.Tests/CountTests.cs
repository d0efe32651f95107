using Rookery.Posts;
using Xunit;

namespace Rookery.BrowserTests;

public sealed class CountTests(Site site)
{
    private const int Limit = 500;
    private const int Mixtures = 600;

    /// <summary>What counting trips over, alone and in mixtures.</summary>
    private static readonly string[] Parts =
    [
        "a",
        "Hello ",
        " ",
        "\n",
        "\t",
        "\u00A0",
        "\uFEFF",
        "\u200B",
        "\u0001",
        "\uFFFE",
        "e\u0301",
        "\u1112\u1161\u11AB",
        "Z͑ͫ̓ͪ",
        "👨‍👩‍👧‍👦",
        "👍🏽",
        "🇫🇷",
        "🇩",
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "❤️",
        "1️⃣",
        "क्षि",
        "नि",
        "ক্ষ",
        "שָׁ",
        "日本語",
        "กำ",
        "http://a.b",
        "HTTPS://Example.ORG/a?b=c#d",
        "https://example.org/Rook_(bird)",
        "(https://example.org/a)",
        "[https://a.b/c]d",
        "https://ana:secret@example.org/",
        "https://ana@example.org",
        "http://a.b:8080/x.",
        "http://a..b",
        "http://-a",
        "http://x_-",
        "https://пример.рф/путь",
        "https://例え.jp/道。",
        "https://a.b/\u200D\u200E",
        "http://",
        "http",
        "hhttps://a.b",
        "#",
        "#tag",
        "#日本",
        "＃猫",
        "#12",
        "#a·b·",
        "&#x",
        "@ana",
        "@",
        "_",
        ".",
        "…",
        "\"",
        "'",
        ")",
        "]",
    ];

    [Fact]
    public async Task The_page_counts_characters_as_the_server_does()
    {
        var texts = Texts().Distinct().ToArray();
        await using var ana = await site.OpenAsync(
            await site.SignUpAsync("ana", TestContext.Current.CancellationToken)
        );
        await ana.GoAsync("/home");
        var counted = await ana.Page.EvaluateAsync<int[]>(
            """
            texts => {
              const text = document.querySelector("#write textarea");
              return texts.map((one) => {
                text.value = one;
                text.dispatchEvent(new Event("input"));
                return 500 - Number(document.querySelector("#write .left").textContent);
              });
            }
            """,
            texts
        );
        var different = texts
            .Zip(counted)
            .Select(one => (Text: one.First, Page: one.Second, Server: Count(one.First)))
            .Where(one => one.Page != one.Server)
            .Select(one => $"{one.Page} and not {one.Server} in {Escaped(one.Text)}")
            .ToList();
        Assert.True(different.Count == 0, string.Join('\n', different.Take(20)));
        Assert.True(texts.Length > Mixtures);
    }

    private static IEnumerable<string> Texts()
    {
        var random = new Random(17);
        var real = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "data", "tweets.csv"))
            .Where(line => line.Length is > 0 and < Limit);
        return
        [
            .. Parts,
            .. real,
            .. Enumerable
                .Range(0, Mixtures)
                .Select(_ =>
                    string.Concat(
                        Enumerable
                            .Range(0, random.Next(2, 9))
                            .Select(_ => Parts[random.Next(Parts.Length)])
                    )
                ),
        ];
    }

    /// <summary>What the server refuses as empty has no length.</summary>
    private static int Count(string text)
    {
        var made = PostText.Create(text, "text", Limit);
        return made.Succeeded ? made.Value.Length : 0;
    }

    private static string Escaped(string text) =>
        string.Concat(
            text.Select(unit => unit is > ' ' and <= '~' ? $"{unit}" : $"\\u{(int)unit:X4}")
        );
}
