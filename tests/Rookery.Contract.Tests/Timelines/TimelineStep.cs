using FsCheck;
using FsCheck.Fluent;

namespace Rookery.Contract.Tests.Timelines;

/// <summary>What can happen to pushed timelines, to what fills them and to what is read.</summary>
internal enum TimelineAct
{
    Post,
    Push,
    PushAgain,
    Follow,
    Unfollow,
    Drop,
    Begin,
    ReadTruth,
    Finish,
    Die,
    Pass,
    Lose,
    ReadPart,
    ReadPages,
}

/// <summary>One step; the number chooses among what there is at that moment, so that every part of a history is a history.</summary>
internal sealed record TimelineStep(TimelineAct Act, int Which)
{
    private const int MostSteps = 250;

    private static readonly Gen<TimelineAct> AnyAct = Gen.Frequency(
        (14, Gen.Constant(TimelineAct.Post)),
        (16, Gen.Constant(TimelineAct.Push)),
        (8, Gen.Constant(TimelineAct.PushAgain)),
        (2, Gen.Constant(TimelineAct.Follow)),
        (2, Gen.Constant(TimelineAct.Unfollow)),
        (3, Gen.Constant(TimelineAct.Drop)),
        (7, Gen.Constant(TimelineAct.Begin)),
        (7, Gen.Constant(TimelineAct.ReadTruth)),
        (7, Gen.Constant(TimelineAct.Finish)),
        (1, Gen.Constant(TimelineAct.Die)),
        (3, Gen.Constant(TimelineAct.Pass)),
        (1, Gen.Constant(TimelineAct.Lose)),
        (14, Gen.Constant(TimelineAct.ReadPart)),
        (3, Gen.Constant(TimelineAct.ReadPages))
    );

    private static readonly Gen<TimelineStep> Any =
        from act in AnyAct
        from which in Gen.Choose(0, 9999)
        select new TimelineStep(act, which);

    /// <summary>Histories, shrunk by leaving out halves, quarters, … and single steps.</summary>
    public static Arbitrary<TimelineStep[]> Histories { get; } =
        Arb.From(
            from length in Gen.Choose(20, MostSteps)
            from steps in Gen.ArrayOf(Any, length)
            select steps,
            Shorter
        );

    public override string ToString() => $"new(TimelineAct.{Act}, {Which})";

    private static IEnumerable<TimelineStep[]> Shorter(TimelineStep[] steps)
    {
        for (var size = steps.Length / 2; size > 0; size /= 2)
        {
            for (var from = 0; from + size <= steps.Length; from += size)
            {
                yield return [.. steps[..from], .. steps[(from + size)..]];
            }
        }
    }
}
