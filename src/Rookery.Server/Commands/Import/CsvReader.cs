using System.Text;

namespace Rookery.Server.Commands.Import;

/// <summary>
/// Reads records of comma-separated values as RFC 4180 has them: a field in quotes may hold commas, line ends and doubled quotes. A quote inside
/// an unquoted field is itself. Empty lines are no records.
/// </summary>
internal sealed class CsvReader(TextReader text)
{
    /// <summary>In UTF-16 units. A quote that is never closed would otherwise take the rest of the file into memory.</summary>
    public const int MaxRecord = 1 << 20;

    private readonly StringBuilder _field = new();
    private readonly char[] _buffer = new char[1 << 14];
    private int _at;
    private int _end;
    private int _size;
    private long _nextLine = 1;

    /// <summary>The line on which the last record began.</summary>
    public long Line { get; private set; }

    /// <summary>Fills <paramref name="fields"/> with the next record; false at the end of the file.</summary>
    /// <exception cref="InvalidDataException">A quote is not closed.</exception>
    public bool Read(List<string> fields)
    {
        do
        {
            fields.Clear();
            Line = _nextLine;
            _size = 0;
            if (Peek() < 0)
            {
                return false;
            }

            while (ReadField(fields))
            {
                // Another field of the same record.
            }
        } while (fields is [""]);
        return true;
    }

    /// <summary>True where a comma ended the field.</summary>
    private bool ReadField(List<string> fields)
    {
        _field.Clear();
        if (Peek() == '"')
        {
            Next();
            ReadQuoted();
        }

        // After a closing quote nothing but a comma or a line end is right; what else stands there is kept.
        var end = ReadPlain();
        fields.Add(_field.ToString());
        return end == ',';
    }

    private void ReadQuoted()
    {
        while (true)
        {
            var unit = Next();
            if (unit < 0 || _size > MaxRecord)
            {
                throw new InvalidDataException(
                    $"in the record of line {Line} a quote is opened and never closed"
                );
            }

            if (unit == '"')
            {
                if (Peek() != '"')
                {
                    return;
                }

                Next();
            }

            _nextLine += unit == '\n' ? 1 : 0;
            Append(unit);
        }
    }

    private int ReadPlain()
    {
        while (true)
        {
            var unit = Next();
            switch (unit)
            {
                case '\r' when Peek() == '\n':
                    continue;
                case '\n':
                case '\r':
                    _nextLine++;
                    return unit;
                case ',':
                case < 0:
                    return unit;
                default:
                    Append(unit);
                    break;
            }
        }
    }

    // A StreamReader's own Peek says "end" where a compressed stream has merely given little so far.
    private int Peek()
    {
        if (_at == _end)
        {
            (_at, _end) = (0, text.Read(_buffer, 0, _buffer.Length));
        }

        return _at < _end ? _buffer[_at] : -1;
    }

    private int Next()
    {
        var unit = Peek();
        _at += unit < 0 ? 0 : 1;
        return unit;
    }

    private void Append(int unit)
    {
        _size++;
        _field.Append((char)unit);
    }
}
