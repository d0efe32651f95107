namespace Rookery.Search;

/// <summary>A text's words and characters in order, each between two spaces. A link is "/", which no word holds: phrases do not reach over it.</summary>
internal sealed class FoldedText
{
    private byte[] _bytes = new byte[1024];
    private int _length;

    /// <summary>Empty, or with a space at both ends.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    private void Append(ReadOnlySpan<byte> word)
    {
        if (_bytes.Length < _length + word.Length + 2)
        {
            Array.Resize(ref _bytes, 2 * _bytes.Length);
        }

        if (_length == 0)
        {
            _bytes[_length++] = (byte)' ';
        }

        word.CopyTo(_bytes.AsSpan(_length));
        _length += word.Length;
        _bytes[_length++] = (byte)' ';
    }

    public readonly struct Tokens(FoldedText text) : ITextTokens
    {
        public void Word(ReadOnlySpan<byte> word, ReadOnlySpan<byte> stem) => text.Append(stem);

        public void Character(ReadOnlySpan<byte> character, ReadOnlySpan<byte> pair) =>
            text.Append(character);

        public void EndOfRun(ReadOnlySpan<byte> last, bool isOnly) { }

        public void Entity(TermKind kind, ReadOnlySpan<byte> term) { }

        public void Part(ReadOnlySpan<byte> word, ReadOnlySpan<byte> stem) { }

        public void Link() => text.Append("/"u8);
    }
}
