using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rookery.Search;
using Rookery.Search.Index;
using Rookery.Search.Spelling;
using Xunit;

namespace Rookery.Tests.Search.Index;

/// <summary>What the dictionaries of all segments are walked through for is what comparing every word finds.</summary>
public sealed class TermsNearTests
{
    private static readonly IndexLimits _tiny = new()
    {
        LiveDocuments = 40,
        LateDocuments = 10,
        MergeAt = 3,
    };

    private static readonly string[] _letters = ["a", "b", "c", "ж", "я", "\U00010428"];

    [Fact]
    public void They_are_those_that_comparing_every_word_finds() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), AssertAllFound)
        );

    [Fact]
    public void A_dictionary_that_is_one_letter_wide_or_no_text_ends()
    {
        var index = new PostIndex(_tiny);
        for (var length = 1; length <= 64; length++)
        {
            Add(index, length, Enumerable.Repeat((byte)'a', length).ToArray());
            Add(index, 100 + length, Enumerable.Repeat((byte)0xFF, length).ToArray());
            Add(index, 200 + length, [(byte)'a', .. Enumerable.Repeat((byte)0xC3, length)]);
        }

        while (index.Merge()) { }
        var near = index.TermsNear(TermKind.Word, "aaaaaaaa"u8, 2);
        Assert.Equal([6, 7, 9, 10], near.Select(one => one.Term.Bytes.Length).Order());
    }

    private static void AssertAllFound(int seed)
    {
        var random = new Random(seed);
        var index = new PostIndex(_tiny);
        var posts = new Dictionary<string, int>();
        for (var id = 1; id <= random.Next(1, 400); id++)
        {
            var word = Word(random);
            posts[word] = posts.GetValueOrDefault(word) + 1;
            Add(index, id, Encoding.UTF8.GetBytes(word));
            if (random.Next(20) == 0)
            {
                index.Merge();
            }
        }

        for (var i = 0; i < 20; i++)
        {
            var (written, edits) = (Word(random), random.Next(1, 3));
            Assert.Equal(
                posts
                    .Where(one => IsNear(written, one.Key, edits))
                    .Select(one => (one.Key, (long)one.Value))
                    .Order(),
                index
                    .TermsNear(TermKind.Word, Encoding.UTF8.GetBytes(written), edits)
                    .Select(one => (one.Term.ToString(), one.Posts))
                    .Order()
            );
        }
    }

    private static bool IsNear(string written, string other, int edits)
    {
        var (one, two) = (LettersOf(written), LettersOf(other));
        edits = one[0] == two[0] ? edits : 1;
        return Letters.Distance(one, two, edits) is > 0 and var distance
            && distance <= edits
            && new Rune(one[0]).Utf8SequenceLength == new Rune(two[0]).Utf8SequenceLength;
    }

    private static int[] LettersOf(string word) =>
        [.. word.EnumerateRunes().Select(letter => letter.Value)];

    private static string Word(Random random) =>
        string.Concat(
            Enumerable
                .Range(0, random.Next(1, 8))
                .Select(_ => _letters[random.Next(_letters.Length)])
        );

    private static void Add(PostIndex index, long id, byte[] word)
    {
        var terms = new PostTerms();
        terms.Add(TermKind.Word, word);
        index.Add(new PostId(id), new AccountId(1), terms);
    }
}
