using System.Text;
using Rookery.Search;

namespace Rookery.Tests.Search;

/// <summary>The terms of a text as a test writes them: words as they are, #tag, @name, url:address, has:flag, lang:code.</summary>
internal static class FoundTerms
{
    public static IReadOnlyList<(TermKind Kind, string Text)> Of(in SearchablePost post)
    {
        var sink = new Sink([]);
        new PostAnalyzer().Analyze(post, ref sink);
        return sink.Terms;
    }

    public static IReadOnlyList<(TermKind Kind, string Text)> Of(string text) => Of(Post(text));

    /// <summary>Of the text alone, distinct, in order, without its flags and language.</summary>
    public static string In(string text) =>
        string.Join(
            ' ',
            Of(text)
                .Where(term => term.Kind < TermKind.Author || term.Kind == TermKind.Link)
                .Select(term =>
                    term.Kind switch
                    {
                        TermKind.Hashtag => "#",
                        TermKind.Mention => "@",
                        TermKind.Link => "url:",
                        _ => "",
                    } + term.Text
                )
                .Distinct()
        );

    public static string? Language(string text) =>
        Of(text).SingleOrDefault(term => term.Kind == TermKind.Language).Text;

    public static string Folded(string text) =>
        Encoding.UTF8.GetString(new PostAnalyzer().Fold(text));

    public static SearchablePost Post(string text) =>
        new()
        {
            Id = new PostId(1),
            Author = new AccountId(2),
            Text = text,
        };

    private readonly struct Sink(List<(TermKind, string)> terms) : ITermSink
    {
        public List<(TermKind, string)> Terms => terms;

        public void Add(TermKind kind, ReadOnlySpan<byte> term) =>
            terms.Add((kind, new UTF8Encoding(false, true).GetString(term)));
    }
}
