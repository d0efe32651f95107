using System.Text;
using Rookery.Wire.Resp;
using Xunit;

namespace Rookery.Wire.Tests.Resp;

/// <summary>Replies of every type, and what they must be read as. Text stands for bytes.</summary>
internal static class GoldenReplies
{
    public static TheoryData<string, string> All { get; } =
        new()
        {
            { "+OK\r\n", "OK" },
            { "+\r\n", "simple()" },
            { "+Background saving started\r\n", "simple(Background saving started)" },
            { "-ERR unknown command\r\n", "error(ERR unknown command)" },
            { ":0\r\n", "0" },
            { ":-9223372036854775808\r\n", "-9223372036854775808" },
            { ":+9223372036854775807\r\n", "9223372036854775807" },
            { "$0\r\n\r\n", "bulk()" },
            { "$5\r\na\r\nb\0\r\n", "bulk(a\r\nb\0)" },
            { "$17\r\n0123456789abcdefg\r\n", "bulk(0123456789abcdefg)" },
            { "$3\r\n\u00ff\u0000\u00fe\r\n", "bulk(\u00ff\u0000\u00fe)" },
            { "$-1\r\n", "null" },
            { "*-1\r\n", "null" },
            { "_\r\n", "null" },
            { "#t\r\n", "true" },
            { "#f\r\n", "false" },
            { ",3.25\r\n", "double(3.25)" },
            { ",-1e3\r\n", "double(-1e3)" },
            { ",10\r\n", "double(10)" },
            { ",inf\r\n", "double(inf)" },
            { ",-inf\r\n", "double(-inf)" },
            { ",nan\r\n", "double(nan)" },
            {
                "(3492890328409238509324850943850943825024385\r\n",
                "big(3492890328409238509324850943850943825024385)"
            },
            { "(-1\r\n", "big(-1)" },
            { "=9\r\ntxt:hello\r\n", "verbatim(hello)" },
            { "=4\r\nmkd:\r\n", "verbatim()" },
            { "!21\r\nSYNTAX invalid syntax\r\n", "error(SYNTAX invalid syntax)" },
            { "*0\r\n", "[]" },
            { "*2\r\n$1\r\na\r\n:1\r\n", "[bulk(a),1]" },
            { "*3\r\n$-1\r\n*-1\r\n_\r\n", "[null,null,null]" },
            { "*2\r\n*2\r\n:1\r\n*1\r\n:2\r\n*0\r\n", "[[1,[2]],[]]" },
            {
                "%2\r\n+first\r\n:1\r\n$6\r\nsecond\r\n*1\r\n#t\r\n",
                "{simple(first),1,bulk(second),[true]}"
            },
            { "%0\r\n", "{}" },
            { "~2\r\n:1\r\n$1\r\nx\r\n", "<1,bulk(x)>" },
            { "~0\r\n", "<>" },
            { ">3\r\n+message\r\n$1\r\nc\r\n$1\r\nm\r\n", ">simple(message),bulk(c),bulk(m)<" },
            { "|1\r\n+ttl\r\n:3600\r\n$1\r\na\r\n", "bulk(a)" },
            { "|0\r\n:5\r\n", "5" },
            { "|1\r\n+a\r\n*1\r\n:1\r\n|1\r\n+b\r\n:2\r\n:7\r\n", "7" },
            { "*2\r\n:1\r\n|1\r\n+k\r\n|1\r\n+inner\r\n:0\r\n:2\r\n+last\r\n", "[1,simple(last)]" },
            {
                "*2\r\n|1\r\n+k\r\n:1\r\n*1\r\n:1\r\n-ERR in the middle\r\n",
                "[[1],error(ERR in the middle)]"
            },
            {
                "*2\r\n%1\r\n+k\r\n~1\r\n+v\r\n=7\r\ntxt:abc\r\n",
                "[{simple(k),<simple(v)>},verbatim(abc)]"
            },
        };

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>A value as text that tells kinds and nesting.</summary>
    public static string Show(in RespValue value)
    {
        return value.Kind switch
        {
            RespKind.Null => "null",
            RespKind.SimpleString => value.IsOk ? "OK" : $"simple({Text(value)})",
            RespKind.BulkString => $"bulk({Text(value)})",
            RespKind.VerbatimString => $"verbatim({Text(value)})",
            RespKind.Error => $"error({Text(value)})",
            RespKind.Integer => $"{value.AsInteger()}",
            RespKind.Boolean => value.AsBoolean() ? "true" : "false",
            RespKind.Double => $"double({Text(value)})",
            RespKind.BigNumber => $"big({Text(value)})",
            RespKind.Array => $"[{Items(value)}]",
            RespKind.Map => $"{{{Items(value)}}}",
            RespKind.Set => $"<{Items(value)}>",
            _ => $">{Items(value)}<",
        };
    }

    private static string Text(in RespValue value) => Encoding.Latin1.GetString(value.Span);

    private static string Items(in RespValue value)
    {
        var items = new List<string>();
        foreach (var item in value)
        {
            items.Add(Show(item));
        }

        Assert.Equal(value.Count, items.Count);
        return string.Join(',', items);
    }
}
