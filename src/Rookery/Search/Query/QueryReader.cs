using Rookery.Posts;

namespace Rookery.Search;

/// <summary>Reads one query from left to right.</summary>
internal sealed class QueryReader
{
    private readonly QueryTerms _terms = new();
    private readonly List<QueryPart> _parts = [];
    private readonly Stack<QueryGroup> _groups = new([new QueryGroup(isExcluded: false)]);

    // As it was written: what is searched is cut from it as from a post, where a full-width sign is no part of a link or mention.
    private readonly string _written;

    // The same, unit by unit, with its signs in ASCII.
    private readonly string _text;
    private int _at;
    private bool _followsNot;
    private int _leaves;
    private int _ignored;
    private SortOrder _sort;
    private QueryRemarks _remarks;

    public QueryReader(string query)
    {
        _written = QuerySigns.Composed(query);
        _text = QuerySigns.Plain(_written);
    }

    public SearchQuery Read()
    {
        while (SkipSpace())
        {
            var followsNot = _followsNot;
            _followsNot = false;
            ReadPart(SkipMinus() || followsNot);
        }

        _remarks |= _groups.Count > 1 || _ignored > 0 ? QueryRemarks.Unclosed : 0;
        while (_groups.Count > 1)
        {
            Close();
        }

        var whole = _groups.Peek().Node();
        var root = SearchNodes.Bounded(whole, out var wasUnbounded);
        _remarks |= wasUnbounded ? QueryRemarks.OnlyExclusions : 0;
        return new SearchQuery(root, _sort, _remarks) { Parts = _parts };
    }

    private bool SkipSpace()
    {
        while (
            _at < _text.Length && (char.IsWhiteSpace(_text[_at]) || QuerySigns.IsUnseen(_text[_at]))
        )
        {
            _at++;
        }

        return _at < _text.Length;
    }

    /// <summary>Whether what follows is excluded.</summary>
    private bool SkipMinus()
    {
        var isExcluded = _text[_at] == '-';
        while (_at < _text.Length && (_text[_at] == '-' || QuerySigns.IsUnseen(_text[_at])))
        {
            _at++;
        }

        return isExcluded;
    }

    private void ReadPart(bool isExcluded)
    {
        switch (_at < _text.Length ? _text[_at] : ' ')
        {
            case var space when char.IsWhiteSpace(space):
                break;
            case '(':
                _at++;
                Open(isExcluded);
                break;
            case ')':
                _at++;
                CloseOne();
                break;
            case '"':
                ReadPhrase(isExcluded);
                break;
            default:
                ReadWord(isExcluded);
                break;
        }
    }

    private void Open(bool isExcluded)
    {
        if (_groups.Count > ParseQuery.MaxNesting)
        {
            _ignored++;
            _remarks |= QueryRemarks.NestingIgnored;
            return;
        }

        _groups.Push(new QueryGroup(isExcluded));
        _parts.Add(QueryPart.Open(isExcluded));
    }

    private void CloseOne()
    {
        if (_ignored > 0)
        {
            _ignored--;
        }
        else if (_groups.Count > 1)
        {
            Close();
        }
    }

    private void Close()
    {
        var group = _groups.Pop();
        var node = group.Node();
        if (node is SearchNode.Nothing)
        {
            // Nothing but the parenthesis and an OR may have come since.
            _parts.RemoveRange(_parts.LastIndexOf(QueryPart.Open(group.IsExcluded)), 1);
            return;
        }

        _parts.Add(QueryPart.Close);
        _groups.Peek().Add(group.IsExcluded ? new SearchNode.Not(node) : node);
    }

    private void ReadPhrase(bool isExcluded)
    {
        var from = ++_at;
        while (_at < _text.Length && !QuerySigns.IsQuote(_text, _at))
        {
            _at++;
        }

        _remarks |= _at == _text.Length ? QueryRemarks.Unclosed : 0;
        AddPhrase(_written[from.._at], isExcluded);
        _at++;
    }

    private void AddPhrase(string text, bool isExcluded) =>
        Add($"\"{text.Trim()}\"", isExcluded, _terms.Words(text));

    private void ReadWord(bool isExcluded)
    {
        if (ReadEntity(isExcluded))
        {
            return;
        }

        var from = _at;
        var word = TakeWord();
        if (word == "NOT" && !isExcluded)
        {
            _followsNot = true;
        }
        else if (word is "OR" or "AND" && !isExcluded)
        {
            if (word == "OR" && _groups.Peek().StartBranch())
            {
                _parts.Add(QueryPart.Or);
            }
        }
        else if (!ReadOperator(word, isExcluded))
        {
            AddWord(word, _written.Substring(from, word.Length), isExcluded);
        }
    }

    /// <summary>A link, hashtag or mention; what hangs on it is read next.</summary>
    private bool ReadEntity(bool isExcluded)
    {
        var rest = _text.AsSpan(_at);
        var length = rest[0] switch
        {
            'h' or 'H' => Link.LengthAt(_written.AsSpan(_at), 0),
            '#' or '＃' => Hashtag.LengthAt(rest, 0),
            '@' or '＠' => Mention.LengthAt(rest, 0),
            _ => 0,
        };
        if (length == 0)
        {
            return false;
        }

        var isLink = rest[0] is 'h' or 'H';
        var isPrefix = !isLink && length < rest.Length && rest[length] == '*';
        var named = rest[1..length].ToString();
        var kind = rest[0] is '#' or '＃' ? TermKind.Hashtag : TermKind.Mention;
        var text = isLink
            ? _written.Substring(_at, length)
            : (kind == TermKind.Hashtag ? "#" : "@") + named + (isPrefix ? "*" : "");
        _at += length + (isPrefix ? 1 : 0);
        Add(text, isExcluded, isLink ? QueryOperators.Address(text) : Named(kind, named, isPrefix));
        return true;
    }

    private static SearchNode? Named(TermKind kind, string name, bool isPrefix)
    {
        var term = new Utf8Term(CutText.FoldedName(name, stackalloc byte[TermBuffer.MaxLength]));
        return term.Bytes.IsEmpty ? null
            : isPrefix ? new SearchNode.Prefix(kind, term)
            : new SearchNode.Term(kind, term);
    }

    /// <summary>What hangs together, without what cannot be seen at its end.</summary>
    private string TakeWord()
    {
        var from = _at;
        PassWord();
        if (
            _at < _text.Length
            && _text[_at] == '('
            && QuerySigns.AddressLength(_text.AsSpan(from), _at - from) is var length
            && length > _at - from
        )
        {
            _at = from + length;
            PassWord();
        }

        var end = _at;
        while (end > from && QuerySigns.IsUnseen(_text[end - 1]))
        {
            end--;
        }

        return _text[from..end];
    }

    private void PassWord()
    {
        while (
            _at < _text.Length
            && !char.IsWhiteSpace(_text[_at])
            && _text[_at] is not ('(' or ')')
            && !QuerySigns.IsQuote(_text, _at)
        )
        {
            _at++;
        }
    }

    /// <summary>name:value or name:"value".</summary>
    private bool ReadOperator(string word, bool isExcluded)
    {
        var colon = word.IndexOf(':');
        if (colon <= 0 || !word[..colon].All(char.IsAsciiLetter))
        {
            return false;
        }

        var name = word[..colon].ToLowerInvariant();
        var value = word[(colon + 1)..];
        var from = _at;
        if (value.Length == 0 && _at < _text.Length && _text[_at] == '"')
        {
            var end = _text.IndexOf('"', _at + 1);
            value = end < 0 ? "" : _text[(_at + 1)..end].Trim();
            _at = end < 0 ? _at : end + 1;
        }

        if (value.Length == 0)
        {
            _at = from;
            return false;
        }

        if (name == "sort" && !isExcluded && QueryOperators.Sort(value) is { } sort)
        {
            _sort = sort;
            return true;
        }

        if (QueryOperators.Read(name, value) is { } node)
        {
            Add($"{name}:{value}", isExcluded, node);
            return true;
        }

        _at = from;
        _remarks |= QueryRemarks.OperatorAsWords;
        return false;
    }

    private void AddWord(string word, string written, bool isExcluded)
    {
        // With signs before it that say nothing it could be read as something else the next time.
        var bare = written.AsSpan().TrimStart(QuerySigns.Leading).ToString();
        if (bare.Length < written.Length)
        {
            AddPhrase(bare, isExcluded);
            return;
        }

        var isPrefix = word.EndsWith('*');
        var stem = written[..word.TrimEnd('*').Length];
        var node = isPrefix ? _terms.Prefix(stem) : _terms.Words(stem);
        if (
            node is not null
            && QuerySigns.IsDomain(stem)
            && QueryOperators.Address(stem) is { } link
        )
        {
            node = SearchNodes.Any([node, link]);
        }

        if (node is not null && _terms.Apart(stem) is { } apart)
        {
            node = SearchNodes.Any([node, apart]);
        }

        Add(isPrefix ? stem + "*" : stem, isExcluded, node);
    }

    private void Add(string text, bool isExcluded, SearchNode? node)
    {
        if (node is null)
        {
            return;
        }

        var leaves = node.Leaves().Count();
        if (_leaves + leaves > ParseQuery.MaxLeaves)
        {
            _remarks |= QueryRemarks.PartsLeftOut;
            return;
        }

        _leaves += leaves;
        _parts.Add(new QueryPart(text, isExcluded, node));
        _groups.Peek().Add(isExcluded ? new SearchNode.Not(node) : node);
    }
}
