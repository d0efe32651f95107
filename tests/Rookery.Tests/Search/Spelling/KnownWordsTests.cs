using System.Globalization;
using System.Text;
using Rookery.Search;
using Rookery.Search.Index;
using Rookery.Search.Spelling;
using Rookery.TestKit;
using Xunit;

namespace Rookery.Tests.Search.Spelling;

public sealed class KnownWordsTests
{
    private const long Room = 8 << 20;

    [Fact]
    public void Nine_of_ten_slips_of_one_letter_in_words_of_real_posts_are_put_right()
    {
        var counts = RealWords();
        var words = Learned(counts);
        var frequent = counts.Where(word => word.Key.Length >= 5 && word.Value >= 10);
        AssertPutRight(0.9, counts, frequent, slip => Correct(words, slip));
    }

    /// <summary>Beside all other words of those posts, of which some are a slip's neighbours as well.</summary>
    [Fact]
    public void Three_of_four_slips_in_words_that_only_one_to_three_posts_have_are_put_right()
    {
        var counts = RealWords();
        var words = Learned(counts);
        var index = new PostIndex(new IndexLimits { LiveDocuments = 500, MergeAt = 3 });
        var ids = 0;
        foreach (var (word, count) in counts)
            for (var i = 0; i < Math.Min(count, 10); i++)
            {
                var terms = new PostTerms();
                terms.Add(TermKind.Word, Encoding.UTF8.GetBytes(word));
                index.Add(new PostId(++ids), new AccountId(1), terms);
            }

        while (index.Merge()) { }
        var seldom = counts.Where(word =>
            word.Key.Length >= 5 && word.Value < KnownWords.FewestToPropose
        );
        AssertPutRight(0.75, counts, seldom, Corrected);

        string? Corrected(string slip)
        {
            var written = Encoding.UTF8.GetBytes(slip);
            var near = index
                .TermsNear(TermKind.Word, written, KnownWords.EditsIn(written))
                .Select(one => new WordUses(one.Term.ToString(), one.Posts));
            IEnumerable<WordUses> all = [.. words.Near(written), .. near];
            return Likeliest(new Utf8Term(written), 0, all.DistinctBy(one => one.Word), true);
        }
    }

    private static void AssertPutRight(
        double share,
        Dictionary<string, int> counts,
        IEnumerable<KeyValuePair<string, int>> some,
        Func<string, string?> correct
    )
    {
        var random = new Random(1);
        var letters = counts.Keys.SelectMany(word => word).Where(char.IsAsciiLetter).ToArray();
        var (tried, right) = (0, 0);
        foreach (var (word, _) in some)
            for (var i = 0; i < 8; i++)
            {
                var slip = Slip(word, random, letters);
                if (!counts.ContainsKey(slip))
                {
                    tried++;
                    right += correct(slip) == word ? 1 : 0;
                }
            }

        Assert.True(tried > 2_000, $"{tried} tried");
        Assert.True(right >= share * tried, $"{right} of {tried} put right, seed 1");
    }

    [Fact]
    public void What_is_found_often_enough_is_left_as_it_is()
    {
        var words = Learned(new() { ["champion"] = 500 });
        Assert.Equal("champion", Correct(words, "champoin"));
        Assert.Equal("champion", Correct(words, "champoin", found: KnownWords.NextToNothing));
        Assert.Null(Correct(words, "champoin", found: KnownWords.NextToNothing + 1));
        Assert.Null(Correct(words, "champion"));
    }

    [Theory]
    [InlineData("cat", "cart", null)]
    [InlineData("fihgt", "fight", "fight")]
    [InlineData("figth", "fight", "fight")]
    [InlineData("fgiht", "flight", null)]
    [InlineData("chmapoin", "champion", "champion")]
    [InlineData("chmpn", "champion", null)]
    [InlineData("naïeve", "naïve", "naïve")]
    [InlineData("чемпиан", "чемпион", "чемпион")]
    public void One_edit_from_four_letters_on_and_two_from_seven(
        string slip,
        string known,
        string? corrected
    ) => Assert.Equal(corrected, Correct(Learned(new() { [known] = 100 }), slip));

    [Fact]
    public void The_frequent_word_wins_and_one_edit_against_two()
    {
        var words = Learned(
            new()
            {
                ["market"] = 1_000,
                ["marked"] = 10,
                ["marketing"] = 20,
            }
        );
        Assert.Equal("market", Correct(words, "markey"));
        Assert.Equal("marketing", Correct(words, "marketin"));
    }

    [Fact]
    public void What_was_forgotten_is_not_proposed_any_more()
    {
        var words = Learned(new() { ["champion"] = 16 });
        words.Change("champion"u8, -14);
        Assert.Null(Correct(words, "champoin"));
        words.Change("champion"u8, -100);
        words.Change("champion"u8, 8);
        Assert.Equal("champion", Correct(words, "champoin"));
    }

    [Fact]
    public void A_full_dictionary_keeps_the_frequent_words_and_its_size()
    {
        var words = new KnownWords(256 << 10);
        var size = words.Bytes;
        Assert.InRange(size, 1, 256 << 10);
        words.Change("champion"u8, 1_000);
        for (var i = 0; i < 50_000; i++)
        {
            words.Change(
                Encoding.UTF8.GetBytes($"rareword{(char)('a' + (i % 26))}{i}"),
                2 + (i % 8)
            );
        }

        Assert.Equal(size, words.Bytes);
        Assert.InRange(words.Count, 100, 50_000);
        Assert.Equal("champion", Correct(words, "champoin"));
    }

    [Fact]
    public void What_is_no_word_is_passed_over()
    {
        var words = Learned(new() { ["champion"] = 16 });
        words.Change([], 5);
        words.Change([0xFF, 0xFE, 0xFD, 0xFC, 0xFB], 5);
        foreach (
            var word in (byte[][])
                [
                    [],
                    [0xFF, 0xFE, 0xFD, 0xFC, 0xFB],
                    new byte[300],
                ]
        )
        {
            Assert.Empty(words.Near(word));
            WordUses[] near = [new("champion", 16), new("", 16), new("seldom", 1), new("", 1)];
            Assert.Null(Likeliest(new Utf8Term(word), 0, near, seldomToo: true));
            Assert.Equal(0, KnownWords.EditsIn(word));
        }
    }

    /// <summary>What several know is one list: uses count together, and so does what a word itself finds.</summary>
    [Fact]
    public void The_uses_of_a_word_are_added_up_before_the_likeliest_is_chosen()
    {
        var slip = Utf8Term.Of("markey");
        WordUses[] near =
        [
            new("marked", 30),
            new("market", 20),
            new("market", 20),
            new("marker", 3),
        ];
        Assert.Equal("market", Likeliest(slip, 0, near));
        Assert.Null(Likeliest(slip, 1, near));
        Assert.Equal("market", Likeliest(slip, 1, [.. near, new("market", 10)]));
        Assert.Null(
            Likeliest(
                slip,
                0,
                [new("marker", 2), new("marked", 3), new("markey", 90), new("mark", 90)]
            )
        );
        Assert.Equal("marker", Likeliest(slip, 0, [new("marker", 2), new("marker", 2)]));
    }

    [Fact]
    public void A_seldom_word_is_meant_only_where_nothing_is_found_and_the_word_is_nowhere()
    {
        var slip = Utf8Term.Of("kestrle");
        WordUses[] near = [new("kestral", 1), new("kestrel", 1)];
        Assert.Equal("kestrel", Likeliest(slip, 0, near, seldomToo: true));
        Assert.Null(Likeliest(slip, 0, near));
        Assert.Null(Likeliest(slip, 1, near, seldomToo: true));
        Assert.Equal("kestral", Likeliest(Utf8Term.Of("kestrol"), 0, near, seldomToo: true));
        Assert.Null(Likeliest(Utf8Term.Of("kes"), 0, [new("kees", 3)], seldomToo: true));
    }

    [Fact]
    public void A_frequent_word_is_meant_rather_than_a_slip_for_it_that_somebody_posted()
    {
        var slip = Utf8Term.Of("champoinn");
        WordUses[] near = [new("champoin", 3), new("champion", 4)];
        Assert.Equal("champion", Likeliest(slip, 0, near, seldomToo: true));
        Assert.Equal("champoin", Likeliest(slip, 0, near[..1], seldomToo: true));

        // Two edits away, and no slip of one another: how often they occur decides.
        Assert.Equal("kestrel", Kestrel(new("nestle", 5)));
        Assert.Equal("nestle", Kestrel(new("nestle", 5_000)));
        static string? Kestrel(WordUses frequent) =>
            Likeliest(Utf8Term.Of("kestrle"), 0, [new("kestrel", 1), frequent], seldomToo: true);
    }

    private static string? Correct(KnownWords words, string word, long found = 0) =>
        Likeliest(Utf8Term.Of(word), found, words.Near(Encoding.UTF8.GetBytes(word)));

    private static string? Likeliest(
        Utf8Term word,
        long found,
        IEnumerable<WordUses> near,
        bool seldomToo = false
    ) => KnownWords.Likeliest(word, found, near, seldomToo)?.ToString();

    private static KnownWords Learned(Dictionary<string, int> counts)
    {
        var words = new KnownWords(Room);
        foreach (var (word, count) in counts)
        {
            words.Change(Encoding.UTF8.GetBytes(word), count);
        }

        return words;
    }

    private static Dictionary<string, int> RealWords() =>
        File.ReadLines(TestData.Path("tweet-words.tsv"))
            .Select(line => line.Split('\t'))
            .ToDictionary(
                parts => parts[0],
                parts => int.Parse(parts[1], CultureInfo.InvariantCulture)
            );

    private static string Slip(string word, Random random, char[] letters)
    {
        var at = random.Next(word.Length);
        var letter = letters[random.Next(letters.Length)];
        return random.Next(4) switch
        {
            0 => word.Remove(at, 1),
            1 => word.Insert(at, letter.ToString()),
            2 => word.Remove(at, 1).Insert(at, letter.ToString()),
            _ when at > 0 => word[..(at - 1)] + word[at] + word[at - 1] + word[(at + 1)..],
            _ => word.Remove(at, 1),
        };
    }
}
