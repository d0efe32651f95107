using System.Text;

namespace Rookery.Server.Commands.Import;

/// <summary>Puts U+FFFD where bytes are no UTF-8, and counts those bytes.</summary>
internal sealed class UndecodableBytes : DecoderFallback
{
    public long Count { get; private set; }

    public override int MaxCharCount => 1;

    public override DecoderFallbackBuffer CreateFallbackBuffer() => new Replacement(this);

    private sealed class Replacement(UndecodableBytes counted) : DecoderFallbackBuffer
    {
        private bool _pending;
        private bool _given;

        public override int Remaining => _pending ? 1 : 0;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            counted.Count += bytesUnknown.Length;
            (_pending, _given) = (true, false);
            return true;
        }

        public override char GetNextChar()
        {
            if (!_pending)
            {
                return '\0';
            }

            (_pending, _given) = (false, true);
            return '\uFFFD';
        }

        public override bool MovePrevious()
        {
            var moved = _given;
            (_pending, _given) = (_given || _pending, false);
            return moved;
        }

        public override void Reset() => (_pending, _given) = (false, false);
    }
}
