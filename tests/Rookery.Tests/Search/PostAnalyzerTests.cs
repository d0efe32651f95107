using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rookery.Posts;
using Rookery.Search;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Search;

public sealed class PostAnalyzerTests
{
    [Theory]
    [InlineData("The Cat sat, on THE mat!", "the cat sat on mat")]
    [InlineData("Crème brûlée à l'été", "creme brulee a l ete")]
    [InlineData("naïve façade Ångström Łódź Ærø Þór", "naive facade angstrom lodz aero thor")]
    [InlineData("Straße STRASSE STRAẞE", "strasse")]
    [InlineData("Iğdır IĞDIR İstanbul ISTANBUL ılık ilik", "igdir istanbul ilik")]
    [InlineData("Việt Nam Đà Nẵng", "viet nam da nang")]
    [InlineData("e\u0301te\u0301 été", "ete")]
    [InlineData("ＣＡＴ ｃａｔ 𝐂𝐚𝐭 ℂ𝕒𝕥", "cat")]
    [InlineData("ﬁne ﬂuﬀy №5 ½", "fine fluffy no5 1 2")]
    [InlineData("Brand™ Other®", "brand other")]
    [InlineData("col·legi", "collegi")]
    [InlineData("ze\u00ADro w\u200Bi\u2060d\u200Dth\u200C", "zero width")]
    [InlineData("ze&shy;ro wi<wbr>dt&#8203;h", "zero width")]
    [InlineData("#rook\u200Bery", "#rook rook rookery")]
    public void Latin(string text, string terms) => Assert.Equal(terms, FoundTerms.In(text));

    [Theory]
    [InlineData("don't DON’T dont", "dont")]
    [InlineData("Bob's Bob’s bob", "bob")]
    [InlineData("it's o'clock rock 'n' roll 'quoted'", "it oclock rock n roll quoted")]
    [InlineData("l'homme d'État qu’il dell'arte", "l homme d etat qu il dell arte")]
    [InlineData("C++ c# F# C+++ a+b", "c++ c# f# c a b")]
    [InlineData(".NET x_y snake_case", "net x y snake case")]
    [InlineData("AT&amp;T AT&T 1&#50;3 &lt;3 &unknown; a&b", "at t 123 3 unknown a b")]
    [InlineData("<p>One</p><p>two<br/>th<b>re</b>e</p>", "one two three")]
    [InlineData("a\uD800<b>\uDC00b", "a b")]
    [InlineData("a < b and c > d <notag> i<3u", "a b and c d notag i 3u")]
    [InlineData("3.14 1,000 ٣٤ १२ ௧", "3 14 1 000 34 12")]
    public void Signs(string text, string terms) => Assert.Equal(terms, FoundTerms.In(text));

    [Theory]
    [InlineData("cats", "cat")]
    [InlineData("boxes", "box")]
    [InlineData("churches", "church")]
    [InlineData("classes", "class")]
    [InlineData("cities", "city")]
    [InlineData("movies", "movie")]
    [InlineData("ties", "tie")]
    [InlineData("heroes", "hero")]
    [InlineData("shoes", "shoe")]
    [InlineData("headaches", "headache")]
    [InlineData("houses", "house")]
    [InlineData("buses", "bus")]
    [InlineData("uses", "use")]
    [InlineData("statuses", "status")]
    [InlineData("coronaviruses", "coronavirus")]
    [InlineData("focuses", "focus")]
    [InlineData("abuses", "abuse")]
    [InlineData("excuses", "excuse")]
    [InlineData("causes", "cause")]
    [InlineData("refuses", "refuse")]
    [InlineData("recluses", "recluse")]
    [InlineData("précieuses", "précieuse")]
    [InlineData("gases", "gas")]
    [InlineData("lenses", "lens")]
    [InlineData("biases", "bias")]
    [InlineData("cafés", "cafe")]
    [InlineData("bobs'", "bob")]
    public void A_plural_is_found_by_its_singular_and_the_other_way_round(string many, string one)
    {
        Assert.True(PlainMatch.Matches(one, $"so {many} it is"));
        Assert.True(PlainMatch.Matches(many, $"so {one} it is"));
        Assert.True(PlainMatch.Matches($"\"so {one} it\"", $"so {many} it is"));
        Assert.True(PlainMatch.Matches(many + "*", $"so {many} it is"));
    }

    [Theory]
    [InlineData("news", "new")]
    [InlineData("this", "thi")]
    [InlineData("bus", "bu")]
    [InlineData("glass", "glas")]
    [InlineData("yes", "ye")]
    [InlineData("analysis", "analysi")]
    [InlineData("julie", "july")]
    [InlineData("use", "us")]
    [InlineData("muses", "mus")]
    [InlineData("houses", "hous")]
    [InlineData("bases", "bas")]
    public void What_is_no_plural_stays(string word, string other) =>
        Assert.False(PlainMatch.Matches(other, word));

    [Theory]
    [InlineData("Мой ёжик и ЕЖИК", "мои ежик и")]
    [InlineData("за\u0301мок замо́к", "замок")]
    [InlineData("и\u0306 й", "й")]
    [InlineData("Їжак Ґанок ўсё", "їжак ґанок ўсе")]
    public void Cyrillic(string text, string terms) =>
        Assert.Equal(terms.Replace("мои", "мой", StringComparison.Ordinal), FoundTerms.In(text));

    [Theory]
    [InlineData("ΣΊΣΥΦΟΣ Σίσυφος", "σισυφοσ")]
    [InlineData("הַשָּׁלוֹם השלום", "השלום")]
    [InlineData("צה\"ל צה״ל", "צהל")]
    [InlineData("مُحَمَّد محمـــد محمد", "محمد")]
    [InlineData("أحمد احمد إسلام اسلام آمن امن", "احمد اسلام امن")]
    [InlineData("مدرسة مدرسه على علي", "مدرسه علي")]
    [InlineData("سؤال ﻻ", "سؤال لا")]
    [InlineData("والكتاب للكتاب الله", "والكتاب كتاب للكتاب الله")]
    [InlineData("می\u200Cخواهم", "مي خواهم ميخواهم")]
    [InlineData("کتاب\u200Cها\u200C", "كتاب ها كتابها")]
    public void Greek_Hebrew_and_Arabic(string text, string terms) =>
        Assert.Equal(terms, FoundTerms.In(text));

    [Theory]
    [InlineData("हिन्दी हिंदी में", "हिंदी में")]
    [InlineData("सम्बन्ध संबंध पाँच अन्य जन्म", "संबंध पांच अन्य जन्म")]
    [InlineData("ज़रा जरा क़लम", "जरा कलम")]
    [InlineData("বাংলা தமிழ் తెలుగు", "বাংলা தமிழ் తెలుగు")]
    [InlineData("क्\u200Dषमा क्\u200Cषमा क्षमा", "क्षमा")]
    [InlineData("അവന്\u200D അവൻ അവന്", "അവൻ അവന്")]
    public void Marks_that_are_a_words_substance_stay(string text, string terms) =>
        Assert.Equal(terms, FoundTerms.In(text));

    [Theory]
    [InlineData("東京都", "東京 京都 都")]
    [InlineData("猫", "猫")]
    [InlineData("猫。犬", "猫 犬")]
    [InlineData("iPhone手机2024年", "iphone 手机 机 2024 年")]
    [InlineData("한국어를 배워요", "한국 국어 어를 를 배워 워요 요")]
    [InlineData("\u1112\u1161\u11AB\u1100\u116E\u11A8", "한국 국")]
    [InlineData("ガッコウ ｶﾞｯｺｳ カ\u3099ッコウ", "ガッ ッコ コウ ウ")]
    [InlineData("㌀", "アパ パー ート ト")]
    [InlineData("ที่นี่", "ที่นี่ นี่")]
    [InlineData("ไทย", "ไท ทย ย")]
    [InlineData("ขอบ\u200Bคุณ ขอบคุณ", "ขอ อบ บคุ คุณ ณ")]
    [InlineData("ខ្មែ\u200Bរ ខ្មែរ", "ខ្មែ មែរ រ")]
    [InlineData("ລາວ ខ្មែរ", "ລາ າວ ວ ខ្មែ មែរ រ")]
    public void Scripts_without_spaces_are_cut_into_pairs(string text, string terms) =>
        Assert.Equal(terms, FoundTerms.In(text));

    [Theory]
    [InlineData("I❤️NY ❤", "i ❤ ny")]
    [InlineData("👍🏽👍", "👍")]
    [InlineData("👩🏽‍🚀 👨‍👩‍👧", "👩 🚀 👨 👧")]
    [InlineData("🏃‍♀️ 🏃 ♀", "🏃 ♀")]
    [InlineData("🇫🇷🇩🇪", "🇫🇷 🇩🇪")]
    [InlineData("1️⃣ ☀️", "1 ☀")]
    [InlineData("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴")]
    public void Emoji_are_words(string text, string terms) =>
        Assert.Equal(terms, FoundTerms.In(text));

    [Theory]
    [InlineData("#Caturday!", "#caturday caturday")]
    [InlineData("#BlackLivesMatter", "#blacklivesmatter black live lives matter blacklivesmatter")]
    [InlineData("#HTMLParser #covid19", "#htmlparser html parser htmlparser #covid19 covid19")]
    [InlineData("#new_york", "#new_york new york")]
    [InlineData("#Résumé ＃東京", "#resume resume #東京 東京 京")]
    [InlineData("#123 a#b", "123 a b")]
    [InlineData("@Alice @josé x@y.org", "@alice alice jose x y org")]
    public void Hashtags_and_mentions(string text, string terms) =>
        Assert.Equal(
            terms.Split(' ').Order(StringComparer.Ordinal),
            FoundTerms.In(text).Split(' ').Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("https://www.Example.org/", "url:example.org")]
    [InlineData(
        "see http://a.b.example.org/Path?q=1#x.",
        "see url:a.b.example.org url:b.example.org url:example.org url:a.b.example.org/Path?q=1 url:a.b.example.org/Path?q=1#x"
    )]
    [InlineData("https://example.org:8080", "url:example.org url:example.org:8080")]
    [InlineData(
        "https://example.org:8080/a/#b",
        "url:example.org url:example.org:8080 url:example.org:8080/a url:example.org:8080/a#b"
    )]
    [InlineData("https://example.org:443/ http://example.org:80/?", "url:example.org")]
    [InlineData("https://example.org/#/b", "url:example.org url:example.org#/b")]
    [InlineData("https://example.org/%C3%9Cber%20%zz", "url:example.org url:example.org/Über %zz")]
    [InlineData("見てhttps://例え.テスト/猫", "見て て url:例え.テスト url:例え.テスト/猫")]
    [InlineData("https:// http: xhttp://a.org", "https http xhttp a org")]
    public void Links(string text, string terms) => Assert.Equal(terms, FoundTerms.In(text));

    [Fact]
    public void The_domain_of_a_long_host_is_found()
    {
        var host = string.Join('.', Enumerable.Repeat("a-long-label", 12)) + ".example.org";
        Assert.True(PlainMatch.Matches("url:example.org", $"see https://{host}/"));
        Assert.True(PlainMatch.Matches($"url:{host}", $"see https://{host}/a"));
        Assert.False(PlainMatch.Matches($"url:{host}", $"see https://x{host}/a"));
    }

    [Fact]
    public void Long_addresses_that_differ_at_their_end_stay_apart()
    {
        var start = "https://example.org/" + new string('a', 100);
        var one = FoundTerms.In(start + "1").Split(' ');
        var other = FoundTerms.In(start + "2").Split(' ');
        Assert.Equal(one[0], other[0]);
        Assert.NotEqual(one[1], other[1]);
        Assert.True(PlainMatch.Matches($"url:{start}1", $"see {start}1"));
        Assert.False(PlainMatch.Matches($"url:{start}1", $"see {start}2"));
    }

    [Fact]
    public void People_and_kinds_are_terms()
    {
        var terms = FoundTerms.Of(
            new SearchablePost
            {
                Id = new PostId(1),
                Author = new AccountId(2),
                ParentAuthor = new AccountId(3),
                Kind = PostKind.Reply,
                Visibility = Visibility.Public,
                HasMedia = true,
                Mentioned = [new AccountId(long.MaxValue)],
                Text = "https://example.org",
            }
        );
        Assert.Equal(
            "Author:2 To:3 Mentioned:9223372036854775807 Flag:media Flag:reply Flag:public Link:example.org Flag:link",
            string.Join(' ', terms.Select(term => $"{term.Kind}:{term.Text}"))
        );
    }

    [Fact]
    public void A_post_is_found_by_its_warning_too_and_its_language_is_that_of_the_text()
    {
        var terms = FoundTerms.Of(
            new SearchablePost
            {
                Id = new PostId(1),
                Author = new AccountId(2),
                Warning = "Spiders #phobia",
                Text = "Das ist nicht das, was ich von der Wohnung und den Nachbarn erwartet habe",
            }
        );
        Assert.Contains((TermKind.Word, "spiders"), terms);
        Assert.Contains((TermKind.Hashtag, "phobia"), terms);
        Assert.Contains((TermKind.Word, "wohnung"), terms);
        Assert.Contains((TermKind.Language, "de"), terms);
    }

    [Fact]
    public void Every_character_folds_to_what_stays_as_it_is_and_case_never_matters()
    {
        foreach (var value in Enumerable.Range(0, 0x110000).Where(Rune.IsValid))
        {
            var folded = FoldRules.Fold(value);
            Assert.True(
                folded.SelectMany(FoldRules.Fold).SequenceEqual(folded),
                $"U+{value:X4} folds to {string.Join(' ', folded.Select(part => $"{part:X4}"))}"
            );
            var rune = new Rune(value);
            AssertFoldsAlike(folded, Rune.ToUpperInvariant(rune));
            AssertFoldsAlike(folded, Rune.ToLowerInvariant(rune));
        }
    }

    [Fact]
    public void Terms_of_any_text_are_short_and_folding_a_folded_text_changes_nothing() =>
        Prop.ForAll(
                SearchTexts.Any(),
                text =>
                {
                    var terms = FoundTerms.Of(text);
                    Assert.All(
                        terms,
                        term => Assert.InRange(Encoding.UTF8.GetByteCount(term.Text), 1, 64)
                    );
                    var words = FoundTerms.Folded(text).Replace('/', ' ').Trim();
                    // Composed: a form for display, as a syllable in a circle, joins with what stands behind it once it is unfolded, which no language writes.
                    Assert.Equal(
                        words.Normalize().Split(' ', StringSplitOptions.RemoveEmptyEntries),
                        FoundTerms
                            .Folded(words)
                            .Normalize()
                            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    );
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void A_word_that_is_too_long_is_found_by_its_beginning()
    {
        var word = new string('é', 40) + "ab";
        Assert.Equal(new string('e', 40) + "ab", FoundTerms.In(word));
        Assert.Equal(new string('ж', 32), FoundTerms.In(new string('ж', 32) + "a"));
        Assert.True(PlainMatch.Matches(new string('я', 100), "x " + new string('я', 200)));
    }

    [Fact]
    public void Analysis_allocates_nothing_once_its_buffers_have_grown()
    {
        string[] texts =
        [
            "The cats' #BlackCats don't sit on https://example.org/mats with @alice &amp; co",
            "Ёжик в тумане, à l'été, 東京都の猫 👩🏽‍🚀 हिन्दी ﷺ",
            "<b>한국어를</b> ㅋㅋㅋ ｱｲｳ ภาษาไทย",
        ];
        var analyzer = new PostAnalyzer();
        var sink = new Count();
        var allocated = LeastAllocated.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                analyzer.Analyze(FoundTerms.Post(texts[i % texts.Length]), ref sink);
                analyzer.Fold(texts[i % texts.Length]);
            }
        });
        Assert.Equal(0, allocated);
        Assert.InRange(sink.Terms, 10_000, int.MaxValue);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a ")]
    [InlineData("a'")]
    [InlineData("#")]
    [InlineData("#a")]
    [InlineData("#aB")]
    [InlineData("@abc")]
    [InlineData("http://")]
    [InlineData("http://a/")]
    [InlineData("&#x")]
    [InlineData("<p ")]
    [InlineData("<a<")]
    [InlineData("猫")]
    [InlineData("ก\u0E48")]
    [InlineData("e\u0301")]
    [InlineData("\u0301")]
    [InlineData("\u0316\u0301")]
    [InlineData("\uFDFA")]
    [InlineData("\uFF9E")]
    [InlineData("\uD800")]
    [InlineData("\u202E")]
    [InlineData("👩‍")]
    public void Much_of_anything_is_a_bounded_number_of_terms_and_bytes(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 200_000 / unit.Length));
        var analyzer = new PostAnalyzer();
        var sink = new Count();
        analyzer.Analyze(FoundTerms.Post(text), ref sink);
        // Of one unit come no more terms than it can unfold into characters, and what is longer than any post is cut.
        Assert.InRange(sink.Terms, 0, 20 * PrepareText.MaxUnits);
        Assert.InRange(analyzer.Fold(text).Length, 0, 100 * PrepareText.MaxUnits);
    }

    private static void AssertFoldsAlike(IReadOnlyList<int> folded, Rune other) =>
        Assert.True(
            FoldRules.Fold(other.Value).SequenceEqual(folded),
            $"{other} U+{other.Value:X4} folds to something else"
        );

    private struct Count : ITermSink
    {
        public int Terms { get; private set; }

        public void Add(TermKind kind, ReadOnlySpan<byte> term) => Terms++;
    }
}
