namespace Rookery.Search;

/// <summary>Takes what a text is cut into, in the text's order. All spans are UTF-8, of 1 to 64 bytes, and last for the call.</summary>
internal interface ITextTokens
{
    /// <summary>A word or an emoji.</summary>
    /// <param name="stem">The word without its plural: the same as the word for most.</param>
    void Word(ReadOnlySpan<byte> word, ReadOnlySpan<byte> stem);

    /// <summary>One character, with its marks, of a script that puts no spaces between words.</summary>
    /// <param name="pair">The character before it and itself; empty for the first of a run.</param>
    void Character(ReadOnlySpan<byte> character, ReadOnlySpan<byte> pair);

    /// <summary>The run of such characters is over.</summary>
    /// <param name="last">Its last character.</param>
    /// <param name="isOnly">The run had no other.</param>
    void EndOfRun(ReadOnlySpan<byte> last, bool isOnly);

    /// <summary>A hashtag, a mention or a part of a link; the first two are followed by their words.</summary>
    void Entity(TermKind kind, ReadOnlySpan<byte> term);

    /// <summary>A part of the word that follows, which is found by it too: of a hashtag in which capitals stand for spaces, or of what is written with a narrow gap.</summary>
    void Part(ReadOnlySpan<byte> word, ReadOnlySpan<byte> stem);

    /// <summary>A link stood here. Its terms came before as entities.</summary>
    void Link();
}
