using System.Globalization;
using Rookery.Posts;

namespace Rookery.Search;

/// <summary>
/// Says under which terms a post is found. Queries are cut by the same code (<see cref="QueryTerms"/>). One per thread: it reuses its buffers and
/// allocates nothing once they have grown to the longest text.
/// </summary>
internal sealed class PostAnalyzer
{
    /// <summary>Goes up when a text is cut into other terms than before: an index that was written by other rules is built anew.</summary>
    public const int Version = 4;

    private readonly CutText _cut = new();
    private readonly FoldedText _folded = new();
    private readonly byte[] _digits = new byte[20];

    /// <summary>Gives all terms of a post, some of them more than once.</summary>
    public void Analyze<TSink>(in SearchablePost post, ref TSink sink)
        where TSink : struct, ITermSink, allows ref struct
    {
        AddPeople(post, ref sink);
        AddFlags(post, ref sink);
        // By value and back: no field may refer to a ref struct.
        var tokens = new PostTokens<TSink>(sink);
        // First, so that the language is the text's.
        if (!post.Warning.IsEmpty)
        {
            _cut.Handle(post.Warning, ref tokens);
        }

        _cut.Handle(post.Text, ref tokens);
        sink = tokens.Sink;
        if (tokens.HasLink)
        {
            sink.Add(TermKind.Flag, SearchFlag.Link);
        }

        var language = _cut.Language;
        if (!language.IsEmpty)
        {
            sink.Add(TermKind.Language, language);
        }
    }

    /// <summary>
    /// The text as phrases are looked for in it: its words and characters, folded and without plurals, each between two spaces, in UTF-8: see
    /// <see cref="SearchNode.Phrase.IsIn"/>.
    /// </summary>
    /// <returns>A buffer that lasts until the next call.</returns>
    public ReadOnlySpan<byte> Fold(ReadOnlySpan<char> text)
    {
        _folded.Clear();
        var tokens = new FoldedText.Tokens(_folded);
        _cut.Handle(text, ref tokens);
        return _folded.Written;
    }

    private void AddPeople<TSink>(in SearchablePost post, ref TSink sink)
        where TSink : struct, ITermSink, allows ref struct
    {
        AddAccount(TermKind.Author, post.Author, ref sink);
        if (post.Kind == PostKind.Reply && post.ParentAuthor.Value != 0)
        {
            AddAccount(TermKind.To, post.ParentAuthor, ref sink);
        }

        foreach (var account in post.Mentioned)
        {
            AddAccount(TermKind.Mentioned, account, ref sink);
        }
    }

    private static void AddFlags<TSink>(in SearchablePost post, ref TSink sink)
        where TSink : struct, ITermSink, allows ref struct
    {
        if (post.HasMedia)
        {
            sink.Add(TermKind.Flag, SearchFlag.Media);
        }

        if (post.Kind != PostKind.Post)
        {
            sink.Add(
                TermKind.Flag,
                post.Kind == PostKind.Reply ? SearchFlag.Reply : SearchFlag.Repost
            );
        }

        if (post.Visibility == Visibility.Public)
        {
            sink.Add(TermKind.Flag, SearchFlag.Public);
        }
    }

    private void AddAccount<TSink>(TermKind kind, AccountId account, ref TSink sink)
        where TSink : struct, ITermSink, allows ref struct
    {
        account.Value.TryFormat(_digits, out var length, default, CultureInfo.InvariantCulture);
        sink.Add(kind, _digits.AsSpan(0, length));
    }

    /// <summary>Turns tokens into terms.</summary>
    private ref struct PostTokens<TSink>(TSink sink) : ITextTokens
        where TSink : struct, ITermSink, allows ref struct
    {
        private TSink _sink = sink;

        public readonly TSink Sink => _sink;

        public bool HasLink { get; private set; }

        // The word too where it has a stem: a prefix may be longer than the stem.
        public void Word(ReadOnlySpan<byte> word, ReadOnlySpan<byte> stem)
        {
            _sink.Add(TermKind.Word, word);
            if (word.Length != stem.Length)
            {
                _sink.Add(TermKind.Word, stem);
            }
        }

        public void Character(ReadOnlySpan<byte> character, ReadOnlySpan<byte> pair)
        {
            if (!pair.IsEmpty)
            {
                _sink.Add(TermKind.Word, pair);
            }
        }

        // So that each character is the beginning of some term: of a pair, or of itself.
        public void EndOfRun(ReadOnlySpan<byte> last, bool isOnly) =>
            _sink.Add(TermKind.Word, last);

        public void Entity(TermKind kind, ReadOnlySpan<byte> term) => _sink.Add(kind, term);

        public void Part(ReadOnlySpan<byte> word, ReadOnlySpan<byte> stem) => Word(word, stem);

        public void Link() => HasLink = true;
    }
}
