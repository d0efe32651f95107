using FsCheck;
using FsCheck.Fluent;

namespace Rookery.Tests.Search;

/// <summary>Texts made of what texts and queries are hard to read by.</summary>
internal static class SearchTexts
{
    private static readonly string[] Pieces =
    [
        .. "cat Cats boxes cities don't Bob's l'été C++ .NET x_y OR AND NOT - ( ) \" * : # @ & &amp; <b> </p> / . , ' ’ “ « ＂ ： （ ） － ＃ ＠ from:alice to:@bob in:me in:home in:library in:public during:2026 has:media is:reply lang:en url:example.org since:2026-01-31 until:x sort:top foo:bar example.org https://example.org/a?b=c @alice #BlackCats #東京 猫 東京都 カ ｶ ﾞ ที่ ไทย हिन्दी क़ 한국 ㅋ \u1112\u1161 ё й É ß İ ı Σ ς ﷺ ﬁ ½ ™ 👩🏽‍🚀 ❤️ 🇫🇷 🏃‍♀️ محمـد أ צה\"ל ① url:a.org:80/b_(c) a.org/b_(c) https://A.org:443/b%20#c می\u200Cخواهم ന്\u200D #rook\u200Bery statuses".Split(
            ' '
        ),
        " ",
        " ",
        " ",
        "\n",
        "\u0301",
        "\u0306",
        "\u3099",
        "\u0E48",
        "\u200B",
        "\u200C",
        "\u200D",
        "\u202E",
        "\uD800",
        "\uDC00",
        "\uFFFE",
        "\0",
        "\U000E0100",
        "\U0010FFFF",
    ];

    /// <summary>Joined pieces, or characters at random.</summary>
    public static Arbitrary<string> Any() =>
        Gen.OneOf(
                Gen.Elements(Pieces).ListOf().Select(pieces => string.Concat(pieces)),
                Gen.Choose(0, 0xFFFF)
                    .ListOf()
                    .Select(units => string.Concat(units.Select(unit => (char)unit)))
            )
            .ToArbitrary();
}
