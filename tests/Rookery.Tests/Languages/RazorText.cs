using System.Text;
using System.Text.RegularExpressions;

namespace Rookery.Tests.Languages;

/// <summary>What of a component's markup stands there as it is, each piece with where it stands: <c>text</c>, <c>code</c> (the element), or an attribute's name.</summary>
internal sealed partial class RazorText
{
    private readonly string _source;
    private readonly List<(string Where, string Text)> _pieces = [];
    private int _at;

    private RazorText(string source) => _source = source;

    public static IReadOnlyList<(string Where, string Text)> Of(string source)
    {
        var end = source.IndexOf("\n@code {", StringComparison.Ordinal);
        var markup = Statement().Replace(Block().Replace(end < 0 ? source : source[..end], ""), "");
        var reader = new RazorText(markup);
        reader.Read();
        return reader._pieces;
    }

    private void Read()
    {
        var text = new StringBuilder();
        var element = "";
        while (_at < _source.Length)
        {
            if (_source[_at] == '<')
            {
                Add(element == "code" ? "code" : "text", text);
                element = ReadTag();
            }
            else
            {
                Take(text);
            }
        }

        Add("text", text);
    }

    /// <summary>The name of the element that begins; empty where one ends.</summary>
    private string ReadTag()
    {
        var name = TagName().Match(_source, _at).Value;
        _at += Math.Max(1, name.Length);
        while (_at < _source.Length && _source[_at] != '>')
        {
            var attribute = Attribute().Match(_source, _at);
            if (!attribute.Success)
            {
                _at++;
                continue;
            }

            _at += attribute.Length;
            var value = new StringBuilder();
            while (_source[_at] != '"')
            {
                Take(value);
            }

            _at++;
            Add(attribute.Groups["name"].Value, value);
        }

        _at++;
        return name.TrimStart('<');
    }

    /// <summary>One character, or nothing of an expression.</summary>
    private void Take(StringBuilder into)
    {
        if (_source[_at] != '@')
        {
            into.Append(_source[_at++]);
            return;
        }

        if (_source[_at + 1] == '@')
        {
            into.Append('@');
            _at += 2;
            return;
        }

        _at++;
        var name = Name().Match(_source, _at).Value;
        _at += name.Length;
        if (name is "if" or "foreach" or "switch")
        {
            _at++;
        }

        while (_at < _source.Length)
        {
            if (_source[_at] is '(' or '[')
            {
                SkipBrackets();
            }
            else if (Member().Match(_source, _at) is { Success: true } member)
            {
                _at += member.Length;
            }
            else
            {
                return;
            }
        }
    }

    private void SkipBrackets()
    {
        var depth = 0;
        do
        {
            var one = _source[_at];
            depth +=
                one is '(' or '[' ? 1
                : one is ')' or ']' ? -1
                : 0;
            _at += one == '"' ? Literal().Match(_source, _at).Length : 1;
        } while (depth > 0);
    }

    private void Add(string where, StringBuilder text)
    {
        if (!string.IsNullOrWhiteSpace(text.ToString()))
        {
            _pieces.Add((where, text.ToString().Trim()));
        }

        text.Clear();
    }

    [GeneratedRegex(@"\A@\{.*?^\}", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(
        @"^\s*(@?(using|inject|inherits|if|foreach|for|switch|else|case|default|break|var)\b.*|[{}]\s*)$",
        RegexOptions.Multiline
    )]
    private static partial Regex Statement();

    [GeneratedRegex(@"\G</?[A-Za-z][A-Za-z0-9]*|\G<")]
    private static partial Regex TagName();

    [GeneratedRegex("\\G\\s*(?<name>[A-Za-z-]+)=\"")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\G[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Name();

    [GeneratedRegex(@"\G[?!]?\.[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Member();

    [GeneratedRegex("\\G\"(\\\\.|[^\"\\\\])*\"")]
    private static partial Regex Literal();
}
