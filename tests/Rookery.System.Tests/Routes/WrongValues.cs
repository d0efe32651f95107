using Rookery.Api;
using Rookery.TestKit;

namespace Rookery.SystemTests.Routes;

/// <summary>Everything that is wrong for a field, by its type and its bounds.</summary>
internal static class WrongValues
{
    private const int Million = 1_000_000;

    /// <summary>Longer than any value that is right, and short enough for a request line.</summary>
    private const int LongInUrl = 5_000;

    /// <summary>What may stand beside a long value in its body.</summary>
    private const int RoomForOthers = 4_096;

    private const long Unknown = 4_242_424_242;

    public static IEnumerable<Sample> Of(Route route, FieldDoc field, Scene scene)
    {
        var samples = Unsent(route, field)
            .Concat(Anywhere(field))
            .Concat(
                field.Type switch
                {
                    FieldType.Id => Ids(route, field),
                    FieldType.Ids => IdLists(field),
                    FieldType.Names => Names(route, field),
                    FieldType.Integer => Integers(field),
                    FieldType.Flag => Flags(),
                    FieldType.Text => Texts(field),
                    FieldType.File => Files(),
                    _ => throw new InvalidOperationException(
                        $"What would be wrong for {field.Name}, a {field.Type} of {route}? Say it here."
                    ),
                }
            );
        return scene.SomebodyElses(route, field) is { } elses ? samples.Append(elses) : samples;
    }

    /// <summary>What is too long for a body may not fit a request line at all.</summary>
    public static IEnumerable<Sample> TooLong(Route route, FieldDoc field, Carrier carrier)
    {
        // Beyond its route's limit the whole body is refused, whatever stands in it.
        var length = carrier is Carrier.Path or Carrier.Query
            ? LongInUrl
            : Math.Min(Million, route.Doc.MaxBodyBytes!.Value - RoomForOthers);
        var isText = field.Type is FieldType.Text or FieldType.Names;
        yield return Sample.Text(
            $"{length} characters",
            new string(isText ? 'x' : '7', length),
            field.Type is FieldType.Text or FieldType.File ? Refusal.Refused : Refusal.Invalid
        );
    }

    private static IEnumerable<Sample> Unsent(Route route, FieldDoc field)
    {
        if (!Scene.IsNeeded(route, field))
        {
            yield break;
        }

        var refusal = field.Name == "auth_token" ? Refusal.Unauthenticated : Refusal.Invalid;
        yield return Sample.Missing with
        {
            Refusal = refusal,
        };
        yield return Sample.InJson("null", refusal);
    }

    /// <summary>No field of any type may be one of these.</summary>
    private static IEnumerable<Sample> Anywhere(FieldDoc field)
    {
        foreach (var flag in (string[])(field.Type == FieldType.Flag ? [] : ["true", "false"]))
        {
            yield return Sample.InJson(flag);
        }

        yield return Sample.InJson("{}");
        yield return Sample.InJson("{\"a\":1}");
        yield return Sample.InJson("[[1]]");
        yield return Sample.InJson("[null]");
        yield return Sample.File;
        yield return new Sample(
            "NUL",
            Sample.Bytes("\"7\\u0000\""),
            [
                [(byte)'7', 0],
            ]
        );
        yield return new Sample(
            "not UTF-8",
            [(byte)'"', 0xC3, 0x28, (byte)'"'],
            [
                [0xC3, 0x28],
            ]
        );
        yield return new Sample(
            "half a surrogate pair",
            Sample.Bytes("\"\\ud83d\""),
            [
                [0xED, 0xA0, 0xBD],
            ]
        );
        if (field.Min != 0)
        {
            yield return Sample.Text("empty", "");
        }
    }

    private static IEnumerable<Sample> Files()
    {
        yield return Sample.FileOf([]);
        yield return Sample.FileOf("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"u8.ToArray());
        yield return Sample.FileOf(SamplePictures.Png()[..40]);
        yield return Sample.FileOf(new SampleMp4().ToArray()[..400]);
        yield return Sample.FileOf(new SampleWebM { DocType = "matroska" }.ToArray());
        yield return Sample.FileOf(SamplePictures.Png(30_000, 30_000));
    }

    private static IEnumerable<Sample> Ids(Route route, FieldDoc field)
    {
        foreach (var sample in Numbers().Concat(Several()))
        {
            yield return sample;
        }

        yield return Sample.InJson("0");
        yield return Sample.Text("zero", "0");
        yield return Sample.InJson("-1");
        yield return Sample.Text("negative", "-1");
        yield return Sample.InJson("[7]");
        if (!Scene.IsPaging(field) && !Scene.AsksAboutAnybody(route))
        {
            // Not the caller's own, whether there is such an account or not.
            var refusal =
                field.Name == "user_id" && Scene.IsOwn(route, field.Name)
                    ? Refusal.Refused
                    : Refusal.NotFound;
            yield return Sample.Text("unknown", $"{Unknown}", refusal);
            yield return Sample.InJson($"{Unknown}", refusal);
            yield return Sample.Text("the largest", $"{long.MaxValue}", refusal);
        }
    }

    private static IEnumerable<Sample> IdLists(FieldDoc field)
    {
        foreach (var sample in Numbers())
        {
            yield return sample;
        }

        yield return Sample.Text("zero", "0");
        yield return Sample.Text("one of two is negative", "7,-1");
        yield return Sample.Text("nothing between commas", "7,,8");
        var tooMany = Enumerable.Repeat("7", (int)field.Max! + 1);
        yield return Sample.Text("too many", string.Join(',', tooMany));
    }

    private static IEnumerable<Sample> Names(Route route, FieldDoc field)
    {
        yield return Sample.Text("nothing between commas", "a,,b");
        yield return Sample.Text("too long", new string('x', 101));
        var tooMany = string.Join(',', Enumerable.Repeat("a", (int)field.Max! + 1));
        yield return Sample.Text("too many", tooMany);
        if (!Scene.AsksAboutAnybody(route))
        {
            yield return Sample.Text("unknown", "ABC987", Refusal.NotFound);
            yield return Sample.InJson("[\"ABC987\",7]", Refusal.NotFound);
        }
    }

    private static IEnumerable<Sample> Integers(FieldDoc field)
    {
        foreach (var sample in Numbers().Concat(Several()))
        {
            yield return sample;
        }

        foreach (var number in (long[])[(field.Min ?? 1) - 1, (field.Max ?? int.MaxValue) + 1, -1])
        {
            yield return Sample.InJson($"{number}");
            yield return Sample.Text($"{number}", $"{number}");
        }
    }

    private static IEnumerable<Sample> Flags()
    {
        foreach (var other in (string[])["2", "-1", "1.5"])
        {
            yield return Sample.InJson(other);
            yield return Sample.Text(other, other);
        }

        yield return Sample.Text("a word", "yes");
        yield return Sample.Text("in capitals", "TRUE");
    }

    private static IEnumerable<Sample> Texts(FieldDoc field)
    {
        yield return Sample.InJson("7");
        yield return Sample.InJson("1.5");
        yield return Sample.InJson("1e400");
        yield return Sample.InJson("[]");
        foreach (var sample in Several())
        {
            yield return sample;
        }

        yield return Sample.Text(
            "too long by one",
            new string('x', (int)Scene.LongestOf(field) + 1),
            Refusal.Refused
        );
        if (field.Min > 1)
        {
            yield return Sample.Text(
                "too short by one",
                new string('x', (int)field.Min - 1),
                Refusal.Refused
            );
        }

        if (!Scene.TakesControls(field.Name))
        {
            yield return new Sample(
                "a control character",
                Sample.Bytes("\"abcdef\\u0007ghijkl\""),
                [Sample.Bytes("abcdef\u0007ghijkl")],
                Refusal.Refused
            );
        }
    }

    /// <summary>Two where one is asked for.</summary>
    private static IEnumerable<Sample> Several()
    {
        yield return new Sample(
            "two",
            Sample.Bytes("[\"7\",\"8\"]"),
            [Sample.Bytes("7"), Sample.Bytes("8")]
        );
    }

    private static IEnumerable<Sample> Numbers()
    {
        string[] huge =
        [
            "9223372036854775808",
            "-9223372036854775809",
            "99999999999999999999",
            "1e400",
            "1.5",
        ];
        foreach (var number in huge)
        {
            yield return Sample.InJson(number);
            yield return Sample.Text(number, number);
        }

        foreach (var text in (string[])["abc", "0x10", "+1", "１", "7 8", "NaN"])
        {
            yield return Sample.Text(text, text);
        }
    }
}
