using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rookery.Search;
using Xunit;

namespace Rookery.Tests.Search;

public sealed class ParseQueryTests
{
    [Theory]
    [InlineData("cat dog", "(Word:cat & Word:dog)")]
    [InlineData("cat cat", "Word:cat")]
    [InlineData("Cats AND dogs", "(Word:cat & Word:dog)")]
    [InlineData("cat OR dog food", "(Word:cat | (Word:dog & Word:food))")]
    [InlineData("cat or dog", "(Word:cat & Word:or & Word:dog)")]
    [InlineData("(cat OR dog) food", "((Word:cat | Word:dog) & Word:food)")]
    [InlineData("cat -dog", "(Word:cat & -Word:dog)")]
    [InlineData("cat -(dog bird)", "(Word:cat & (-Word:dog | -Word:bird))")]
    [InlineData("cat -(dog OR bird)", "(Word:cat & -Word:dog & -Word:bird)")]
    [InlineData("cat -(dog -bird)", "(Word:cat & (-Word:dog | Word:bird))")]
    [InlineData("(cat OR -dog) -bird", "(Word:cat & -Word:bird)")]
    [InlineData("-(cat OR -dog)", "(-Word:cat & Word:dog)")]
    [InlineData("cat NOT dog", "(Word:cat & -Word:dog)")]
    [InlineData("cat AND NOT (dog OR \"a b\")", "(Word:cat & -Word:dog & -\"a b\"[Word:a Word:b])")]
    [InlineData("cat NOT -dog not \"NOT\"", "(Word:cat & -Word:dog & Word:not)")]
    [InlineData("(cat NOT) dog", "(Word:cat & Word:dog)")]
    [InlineData("cat --dog", "(Word:cat & -Word:dog)")]
    [InlineData("\"The cats sat\"", "\"the cat sat\"[Word:the Word:cat Word:sat]")]
    [InlineData("“cat dog”", "\"cat dog\"[Word:cat Word:dog]")]
    [InlineData("\"cat\"", "Word:cat")]
    [InlineData("well-known", "\"well known\"[Word:well Word:known]")]
    [InlineData("C# C++", "(Word:c# & Word:c++)")]
    [InlineData("cats*", "Word:cats*")]
    [InlineData("well-kno*", "(Word:well & Word:kno*)")]
    [InlineData("a*", "Word:a")]
    [InlineData("п*", "Word:п")]
    [InlineData("по*", "Word:по*")]
    [InlineData("집*", "Word:집*")]
    [InlineData("猫", "Word:猫*")]
    [InlineData("東京", "Word:東京")]
    [InlineData("\"東京\"", "Word:東京")]
    [InlineData("東 京", "(Word:東* & Word:京*)")]
    [InlineData("\"東 京\"", "(Word:東* & Word:京* & \"東 京\"[])")]
    [InlineData("東a", "(Word:東* & \"東 a\"[Word:a])")]
    [InlineData("東京*", "Word:東京")]
    [InlineData("東京都", "\"東 京 都\"[Word:東京 Word:京都]")]
    [InlineData("2024年", "(Word:年* & \"2024 年\"[Word:2024])")]
    [InlineData("#Cats @Alice", "(Hashtag:cats & Mention:alice)")]
    [InlineData("#cat* @ali*", "(Hashtag:cat* & Mention:ali*)")]
    [InlineData("＃東京 ＠ａｌｉ", "(Hashtag:東京 & Mention:ali)")]
    [InlineData("#1 @al", "(Word:1 & Word:al)")]
    [InlineData("from:Alice to:@bob", "(from:alice & to:bob)")]
    [InlineData("in:home in:me in:@alice from:me", "(in:home & in:me & from:alice)")]
    [InlineData("cat in:library in:Public", "(Word:cat & in:library & in:public)")]
    [InlineData("in:@library in:@public", "(from:library & from:public)")]
    [InlineData(
        "has:media has:links is:reply is:reposts",
        "(Flag:media & Flag:link & Flag:reply & Flag:repost)"
    )]
    [InlineData("has：MEDIA", "Flag:media")]
    [InlineData("lang:EN lang:pt-BR", "(Language:en & Language:pt)")]
    [InlineData("language:EN", "Language:en")]
    [InlineData("url:example.org", "Link:example.org")]
    [InlineData("url:https://www.Example.org/A/", "Link:example.org/A")]
    [InlineData("url:HTTPS://EXAMPLE.org:443/#A", "Link:example.org#A")]
    [InlineData("url:example.org:8080", "Link:example.org:8080")]
    [InlineData("url:localhost:8080.", "Link:localhost:8080")]
    [InlineData(
        "(cat OR url:https://a.org/Rook_(bird)), dog",
        "((Word:cat | Link:a.org/Rook_(bird)) & Word:dog)"
    )]
    [InlineData("-url:a.org/b_(c) cat", "(-Link:a.org/b_(c) & Word:cat)")]
    [InlineData(
        "a.org/b_(c)\uFF09\u200D",
        "(\"a org b c\"[Word:a Word:org Word:b Word:c] | Link:a.org/b_(c))"
    )]
    [InlineData("a.org/b_(c)", "(\"a org b c\"[Word:a Word:org Word:b Word:c] | Link:a.org/b_(c))")]
    [InlineData("a.org:80", "(\"a org 80\"[Word:a Word:org Word:80] | Link:a.org)")]
    [InlineData(
        "\u200Efrom:alice\u200E \uFEFFcat\u200B OR\u2060 -\u200Bdog",
        "(from:alice & Word:cat)"
    )]
    [InlineData("url:example", "Link:example*")]
    [InlineData("https://example.org/a", "Link:example.org/a")]
    [InlineData("example.org", "(\"example org\"[Word:example Word:org] | Link:example.org)")]
    [InlineData("from:\"alice\"", "from:alice")]
    [InlineData("cat 👩🏽‍🚀", "(Word:cat & \"👩 🚀\"[Word:👩 Word:🚀])")]
    [InlineData("צה\"ל", "Word:צהל")]
    [InlineData("😀 🇫🇷", "(Word:😀 & Word:🇫🇷)")]
    public void Queries(string query, string root) =>
        Assert.Equal(root, ParseQuery.Handle(query).Root.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("-")]
    [InlineData("- - --")]
    [InlineData("OR")]
    [InlineData("AND OR AND")]
    [InlineData("NOT")]
    [InlineData("\"")]
    [InlineData("\"\"")]
    [InlineData("((((")]
    [InlineData("))))")]
    [InlineData("()(-())")]
    [InlineData("*")]
    [InlineData("# @ : . !!! ***")]
    [InlineData("\uDC00\uD800")]
    [InlineData("\u202E\u2066\u200B")]
    [InlineData("\u0301\u0301")]
    [InlineData("sort:top")]
    public void What_asks_for_nothing_finds_nothing(string query)
    {
        var read = ParseQuery.Handle(query);
        Assert.Equal(new SearchNode.Nothing(), read.Root);
        Assert.Empty(read.Parts);
    }

    [Theory]
    [InlineData("OR cat OR", "Word:cat")]
    [InlineData("cat OR OR dog", "(Word:cat | Word:dog)")]
    [InlineData("( ) cat (OR)", "Word:cat")]
    [InlineData("cat)", "Word:cat")]
    [InlineData(":) cat :(", "Word:cat")]
    [InlineData("((cat", "Word:cat")]
    [InlineData("\"cat dog", "\"cat dog\"[Word:cat Word:dog]")]
    [InlineData("cat - dog", "(Word:cat & Word:dog)")]
    [InlineData("from: cat", "(Word:from & Word:cat)")]
    [InlineData("a\uD800b\u202Ec", "\"a bc\"[Word:a Word:bc]")]
    [InlineData("10:30", "\"10 30\"[Word:10 Word:30]")]
    public void What_is_broken_is_read_as_far_as_it_goes(string query, string root) =>
        Assert.Equal(root, ParseQuery.Handle(query).Root.ToString());

    [Theory]
    [InlineData("foo:bar", "\"foo bar\"[Word:foo Word:bar]", QueryRemarks.OperatorAsWords)]
    [InlineData(
        "since:monday",
        "\"since monday\"[Word:since Word:monday]",
        QueryRemarks.OperatorAsWords
    )]
    [InlineData("has:fun", "\"has fun\"[Word:has Word:fun]", QueryRemarks.OperatorAsWords)]
    [InlineData("from:a.b", "\"from a b\"[Word:from Word:a Word:b]", QueryRemarks.OperatorAsWords)]
    [InlineData("-cat", "nothing", QueryRemarks.OnlyExclusions)]
    [InlineData("in:public -cat", "nothing", QueryRemarks.OnlyExclusions)]
    [InlineData("-cat -(dog)", "nothing", QueryRemarks.OnlyExclusions)]
    [InlineData("dog OR -cat", "Word:dog", QueryRemarks.OnlyExclusions)]
    [InlineData("-cat from:alice", "(-Word:cat & from:alice)", QueryRemarks.None)]
    [InlineData("-(-cat)", "Word:cat", QueryRemarks.None)]
    [InlineData("(cat", "Word:cat", QueryRemarks.Unclosed)]
    [InlineData("\"cat", "Word:cat", QueryRemarks.Unclosed)]
    [InlineData("cat", "Word:cat", QueryRemarks.None)]
    public void The_answer_can_say_what_was_not_done(string query, string root, object remarks)
    {
        var read = ParseQuery.Handle(query);
        Assert.Equal((root, (QueryRemarks)remarks), (read.Root.ToString(), read.Remarks));
    }

    [Theory]
    [InlineData("since:2026-01-31", "2026-01-31T00:00:00Z", null)]
    [InlineData("after:2026-01-31", "2026-02-01T00:00:00Z", null)]
    [InlineData("until:2026-01-31", null, "2026-01-31T00:00:00Z")]
    [InlineData("during:2026-01-31", "2026-01-31T00:00:00Z", "2026-02-01T00:00:00Z")]
    [InlineData("during:2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("before:2026-01-31", null, "2026-01-31T00:00:00Z")]
    [InlineData("since:2026-1-3", "2026-01-03T00:00:00Z", null)]
    [InlineData("since:2026-02", "2026-02-01T00:00:00Z", null)]
    [InlineData("after:2026", "2027-01-01T00:00:00Z", null)]
    [InlineData("since:2026-01-31T12:30Z", "2026-01-31T12:30:00Z", null)]
    [InlineData("since:2026-01-31T12:30:15+02:00", "2026-01-31T10:30:15Z", null)]
    [InlineData("after:2026-01-31T12:30", "2026-01-31T12:31:00Z", null)]
    [InlineData("until:2026-01-31T12:30:15.250Z", null, "2026-01-31T12:30:15.250Z")]
    [InlineData("since:1999-01-01", null, null)]
    [InlineData("until:9999-12-31", null, null)]
    public void Times(string query, string? from, string? to) =>
        Assert.Equal(
            new SearchNode.Ids(
                from is null ? new PostId(0) : IdAt(from),
                to is null ? PostId.Newest : IdAt(to)
            ),
            ParseQuery.Handle(query).Root
        );

    [Fact]
    public void Since_and_until_are_a_month_without_overlap()
    {
        var january = ParseQuery.Handle("since:2026-01-01 until:2026-02-01").Root;
        var february = ParseQuery.Handle("since:2026-02-01 until:2026-03-01").Root;
        var post = new SearchablePost
        {
            Id = new PostId(IdAt("2026-02-01T00:00:00Z").Value - 1),
            Author = new AccountId(1),
        };
        Assert.True(PlainMatch.Matches(january, post));
        Assert.False(PlainMatch.Matches(february, post));
    }

    [Fact]
    public void The_order_stands_beside_what_is_searched()
    {
        Assert.Equal(SortOrder.Latest, ParseQuery.Handle("cat").Sort);
        var top = ParseQuery.Handle("sort:top cat");
        Assert.Equal((SortOrder.Top, "Word:cat"), (top.Sort, top.Root.ToString()));
        Assert.Equal("cat sort:top", top.ToText());
    }

    [Theory]
    [InlineData("  Movies   -（dogs ＯＲ “big cats）”", "Movies -(dogs OR \"big cats）\")")]
    [InlineData("a OR (b", "a OR (b)")]
    [InlineData("cat OR", "cat OR")]
    [InlineData("() !!! from:@Alice", "from:@Alice")]
    [InlineData("＠ａｌｉ #tag* -#1", "@ali #tag* -\"1\"")]
    [InlineData("(https://a.org/b(c)", "(https://a.org/b(c) )")]
    [InlineData("(a.org/\uFF08 b", "(a.org/\uFF08 b)")]
    [InlineData("(a.org/\uFF08", "(a.org/\uFF08 )")]
    public void A_query_has_one_spelling(string query, string text) =>
        Assert.Equal(text, ParseQuery.Handle(query).ToText());

    [Fact]
    public void A_corrected_query_keeps_all_but_the_word()
    {
        var query = ParseQuery.Handle("moveis -(bird OR \"moveis x\") from:alice");
        Assert.Equal(
            "movies -(bird OR \"moveis x\") from:alice",
            query.ToText(term => term.Text == Utf8Term.Of("moveis") ? "movies" : null)
        );
    }

    [Fact]
    public void A_query_is_bounded()
    {
        var words = ParseQuery.Handle(string.Join(' ', Enumerable.Range(0, 100)));
        Assert.Equal(ParseQuery.MaxLeaves, words.Root.Leaves().Count());
        Assert.Equal(QueryRemarks.PartsLeftOut, words.Remarks);

        var deep = ParseQuery.Handle(Nested(1000));
        Assert.True(deep.Remarks.HasFlag(QueryRemarks.NestingIgnored));
        Assert.InRange(DepthOf(deep.Root), 2, 2 * ParseQuery.MaxNesting);
        Assert.Equal(QueryRemarks.None, ParseQuery.Handle(Nested(ParseQuery.MaxNesting)).Remarks);

        var phrase = ParseQuery.Handle("\"" + string.Join(' ', Enumerable.Range(0, 100)) + "\"");
        var terms = Assert.IsType<SearchNode.Phrase>(phrase.Root).Terms;
        Assert.Equal(QueryTerms.MostPhraseTerms, terms.Count);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("\"a")]
    [InlineData("a ")]
    [InlineData("-(")]
    [InlineData("a OR ")]
    [InlineData("(a OR b) ")]
    [InlineData("\u0301")]
    [InlineData("e\u0301")]
    [InlineData("\u202E")]
    [InlineData("猫")]
    [InlineData("#")]
    [InlineData("a:")]
    [InlineData("http://")]
    [InlineData("\"http://a/ ")]
    public void Hostile_queries_stay_small(string unit)
    {
        var query = string.Concat(Enumerable.Repeat(unit, 40_000 / unit.Length));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = ParseQuery.Handle(query);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
        Assert.InRange(read.Root.Leaves().Count(), 0, ParseQuery.MaxLeaves);
        Assert.InRange(read.ToText().Length, 0, 2 * ParseQuery.MaxLength);
    }

    [Fact]
    public void Any_text_is_a_query_whose_spelling_reads_the_same() =>
        Prop.ForAll(
                SearchTexts.Any(),
                text =>
                {
                    var read = ParseQuery.Handle(text);
                    AssertWellFormed(read.Root);
                    var again = ParseQuery.Handle(read.ToText());
                    Assert.Equal(read.Root.ToString(), again.Root.ToString());
                    Assert.Equal((read.Root, read.Sort), (again.Root, again.Sort));
                    Assert.Equal(read.ToText(), again.ToText());
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void A_texts_own_words_find_it() =>
        Prop.ForAll(
                SearchTexts.Any(),
                text =>
                {
                    // Inside a phrase a quote would end it.
                    text = string.Concat(text.Where(unit => !"\"“”„‟«»〝〞＂".Contains(unit)));
                    var words = FoundTerms.Folded(text).Replace('/', ' ').Split(' ');
                    var post = FoundTerms.Post(text);
                    foreach (var word in words.Where(word => word.Length > 0))
                    {
                        var query = ParseQuery.Handle($"\"{word}\"");
                        Assert.True(PlainMatch.Matches(query.Root, post), word);
                    }

                    var whole = ParseQuery.Handle($"\"{text}\"").Root;
                    Assert.True(
                        whole is SearchNode.Nothing || PlainMatch.Matches(whole, post),
                        whole.ToString()
                    );
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Theory]
    [InlineData("東京", "昨日東京タワーへ行った", true)]
    [InlineData("京", "東京", true)]
    [InlineData("京都", "東京 都", false)]
    [InlineData("東京タワー", "東京の京タタワワー", false)]
    [InlineData("ไทย", "ภาษาไทยง่าย", true)]
    [InlineData("resume", "Mon résumé", true)]
    [InlineData("\"cat sat\"", "the cats sat", true)]
    [InlineData("\"cat mat\"", "the cat sat on the mat", false)]
    [InlineData("\"see this\"", "see https://a.org this", false)]
    [InlineData("lives", "#BlackLivesMatter", true)]
    [InlineData("blacklivesmatter", "#BlackLivesMatter", true)]
    [InlineData("🚀", "👩🏽‍🚀", true)]
    [InlineData("cat -dog", "cat and dog", false)]
    [InlineData("example.org", "https://blog.example.org/x", true)]
    [InlineData("has:link cat", "cat https://a.org", true)]
    [InlineData("url:a.org/p", "https://A.org/p#x", true)]
    [InlineData("url:a.org/p#x", "https://A.org/p#x", true)]
    [InlineData("url:a.org/p#y", "https://A.org/p#x", false)]
    [InlineData("url:a.org/P", "https://a.org/p", false)]
    [InlineData("url:A.ORG", "https://b.a.org:8080/p", true)]
    [InlineData("url:b.a.org:8080", "https://b.a.org:8080/p", true)]
    [InlineData("url:a.org:8081", "https://a.org:8080/p", false)]
    [InlineData("url:https://a.org:443", "https://a.org/p", true)]
    [InlineData("url:a.org/über", "https://a.org/%C3%BCber", true)]
    [InlineData("co\u00ADop\u200Beration", "cooperation", true)]
    [InlineData("cooperation", "co\u00ADop\u200Beration", true)]
    [InlineData("rook", "#rook\u200Bery", true)]
    [InlineData("الكتاب", "كتاب جميل", true)]
    [InlineData("كتاب", "هذا الكتاب", true)]
    [InlineData("\"كتاب جميل\"", "والكتاب الجميل", true)]
    [InlineData("كتا*", "الكتاب", true)]
    [InlineData("الكتا*", "الكتاب", true)]
    [InlineData("له", "الله", false)]
    [InlineData("خواهم", "می\u200Cخواهم", true)]
    [InlineData("می خواهم", "می\u200Cخواهم", true)]
    [InlineData("میخواهم", "می\u200Cخواهم", true)]
    [InlineData("می\u200Cخواهم", "من می خواهم", true)]
    [InlineData("می\u200Cخواهم", "من میخواهم", true)]
    [InlineData("می\u200Cخواهم", "خواهم می", false)]
    [InlineData("ប្រទេស\u200Bខ្មែរ", "ប្រទេសខ្មែរ", true)]
    public void What_is_found(string query, string text, bool isFound) =>
        Assert.Equal(isFound, PlainMatch.Matches(query, text));

    [Fact]
    public void Names_are_replaced_once_they_are_known()
    {
        var root = ParseQuery.Handle("cat (from:alice OR from:nobody) -from:bob -from:nobody").Root;
        var resolved = root.Rewrite(leaf =>
            leaf switch
            {
                SearchNode.FromName { Name: "nobody" } => new SearchNode.Nothing(),
                SearchNode.FromName from => new SearchNode.Term(
                    TermKind.Author,
                    Utf8Term.Of(from.Name == "alice" ? "1" : "2")
                ),
                _ => leaf,
            }
        );
        Assert.Equal("(Word:cat & Author:1 & -Author:2)", resolved.ToString());
        Assert.Equal(
            new SearchNode.Nothing(),
            ParseQuery
                .Handle("cat from:nobody")
                .Root.Rewrite(leaf => leaf is SearchNode.FromName ? new SearchNode.Nothing() : leaf)
        );
    }

    private static PostId IdAt(string time) =>
        new(
            Snowflake.FloorAt(
                DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)
            )
        );

    private static string Nested(int depth)
    {
        var query = new StringBuilder();
        for (var i = 0; i < depth; i++)
        {
            query.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{i} {(i % 2 == 0 ? "OR " : "")}("
            );
        }

        return query.Append('x').Append(')', depth).ToString();
    }

    private static int DepthOf(SearchNode node) =>
        1
        + node switch
        {
            SearchNode.All all => all.Nodes.Max(DepthOf),
            SearchNode.Any any => any.Nodes.Max(DepthOf),
            SearchNode.Not not => DepthOf(not.Node),
            _ => 0,
        };

    /// <summary>What <see cref="SearchNode"/> promises of a query that was read.</summary>
    private static void AssertWellFormed(SearchNode root)
    {
        Assert.InRange(root.Leaves().Count(), 1, ParseQuery.MaxLeaves);
        Assert.True(root.IsBounded());
        AssertWellFormed(root, isRoot: true);
    }

    private static void AssertWellFormed(SearchNode node, bool isRoot)
    {
        switch (node)
        {
            case SearchNode.All or SearchNode.Any:
                var nodes = node is SearchNode.All all ? all.Nodes : ((SearchNode.Any)node).Nodes;
                Assert.InRange(nodes.Count, 2, ParseQuery.MaxLeaves);
                Assert.All(nodes, child => AssertWellFormed(child, isRoot: false));
                break;
            case SearchNode.Not not:
                Assert.False(not.Node is SearchNode.All or SearchNode.Any or SearchNode.Not);
                AssertWellFormed(not.Node, isRoot: false);
                break;
            case SearchNode.Nothing:
                Assert.True(isRoot);
                break;
            case SearchNode.Term term:
                Assert.InRange(term.Text.Bytes.Length, 1, 64);
                break;
            case SearchNode.Prefix prefix:
                Assert.InRange(prefix.Text.Bytes.Length, 1, 64);
                break;
            case SearchNode.Phrase phrase:
                Assert.InRange(phrase.Terms.Count, 0, QueryTerms.MostPhraseTerms);
                break;
        }
    }
}
