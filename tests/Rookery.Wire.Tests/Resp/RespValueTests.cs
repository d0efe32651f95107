using Rookery.Wire.Resp;
using Xunit;

namespace Rookery.Wire.Tests.Resp;

public sealed class RespValueTests
{
    [Theory]
    [InlineData(":42\r\n", 42)]
    [InlineData("$2\r\n42\r\n", 42)]
    [InlineData("+-7\r\n", -7)]
    [InlineData("#t\r\n", 1)]
    public void An_integer_is_an_integer_or_a_string_that_is_one(string reply, long number) =>
        Assert.Equal(number, Value(reply).AsInteger());

    [Theory]
    [InlineData(",2.5\r\n", 2.5)]
    [InlineData(":2\r\n", 2)]
    [InlineData("$4\r\n1e-3\r\n", 0.001)]
    [InlineData(",-inf\r\n", double.NegativeInfinity)]
    [InlineData(",nan\r\n", double.NaN)]
    public void A_number_is_a_double_an_integer_or_a_string_that_is_one(
        string reply,
        double number
    ) => Assert.Equal(number, Value(reply).AsDouble());

    [Theory]
    [InlineData("#t\r\n", true)]
    [InlineData(":0\r\n", false)]
    [InlineData(":1\r\n", true)]
    public void A_boolean_is_one_or_what_RESP2_has_for_it(string reply, bool value) =>
        Assert.Equal(value, Value(reply).AsBoolean());

    [Fact]
    public void What_a_value_is_not_is_refused_and_says_what_it_is()
    {
        var thrown = Assert.Throws<RespShapeException>(() => Value("*1\r\n:1\r\n").AsInteger());
        Assert.Equal("A reply is Array of 1 where an integer was expected.", thrown.Message);
        Assert.Throws<RespShapeException>(() => Value("$1\r\nx\r\n").AsInteger());
        Assert.Throws<RespShapeException>(() => Value("_\r\n").AsInteger());
        Assert.Throws<RespShapeException>(() => Value("-ERR no\r\n").AsInteger());
        Assert.Throws<RespShapeException>(() => Value("$1\r\nx\r\n").AsDouble());
        Assert.Throws<RespShapeException>(() => Value(":2\r\n").AsBoolean());
        Assert.Throws<RespShapeException>(() => Value(":2\r\n").Bytes);
        Assert.Throws<RespShapeException>(() => Value(":2\r\n").Count);
        Assert.Throws<RespShapeException>(() => Value("*0\r\n").AsText());
    }

    [Fact]
    public void Null_is_empty_in_every_way()
    {
        var value = Value("$-1\r\n");
        Assert.True(value.IsNull);
        Assert.Equal(0, value.Count);
        Assert.Equal("", value.AsText());
        foreach (var _ in value)
        {
            Assert.Fail("There is nothing in it.");
        }
    }

    [Fact]
    public void An_item_is_found_by_its_place_and_by_its_key()
    {
        var map = Value(
            "%3\r\n$1\r\na\r\n*2\r\n$1\r\nb\r\n:1\r\n+b\r\n|1\r\n+x\r\n+y\r\n:2\r\n$1\r\nc\r\n$1\r\na\r\n"
        );
        Assert.Equal(6, map.Count);
        Assert.Equal(1, map[1][1].AsInteger());
        Assert.Equal("a", map[5].AsText());
        Assert.True(map.TryFind("b", out var found));
        Assert.Equal(2, found.AsInteger());
        Assert.True(map.TryFind("c", out found));
        Assert.Equal("a", found.AsText());
        Assert.False(map.TryFind("x", out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => map[6]);
        Assert.Throws<ArgumentOutOfRangeException>(() => map[-1]);
    }

    [Fact]
    public void An_error_has_a_code_and_is_thrown_when_it_is_not_expected()
    {
        var thrown = Assert.Throws<RespErrorException>(() =>
            Value("-OOM command not allowed\r\n").OrThrow()
        );
        Assert.Equal("OOM", thrown.Code);
        Assert.Equal("OOM command not allowed", thrown.Message);
        Assert.Equal(
            "ERR",
            Assert.Throws<RespErrorException>(() => Value("!3\r\nERR\r\n").OrThrow()).Code
        );
        Assert.True(Value("+OK\r\n").OrThrow().IsOk);
        Assert.False(Value("$2\r\nOK\r\n").IsOk);
    }

    private static RespValue Value(string reply) => RespValue.CopyOf(GoldenReplies.Bytes(reply));
}
