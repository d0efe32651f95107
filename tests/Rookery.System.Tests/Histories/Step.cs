using FsCheck;
using FsCheck.Fluent;

namespace Rookery.SystemTests.Histories;

/// <summary>What can happen in a history.</summary>
internal enum Act
{
    SignUp,
    Follow,
    Unfollow,
    Block,
    Unblock,
    Mute,
    Unmute,
    Post,
    Flood,
    Reply,
    Repost,
    Unrepost,
    Like,
    Unlike,
    DeletePost,
    Purge,
    DeleteAccount,
    Suspend,
    Lift,
    ReadPages,
    Burst,
    Wipe,
    Restart,
    Settle,
}

/// <summary>
/// One step. The numbers choose among what there is at that moment, so that every part of a history is a history: that is what makes shrinking work.
/// </summary>
internal sealed record Step(Act Act, int Who, int Whom, int Which, int Detail)
{
    private const int MostSteps = 60;

    private static readonly Gen<Act> AnyAct = Gen.Frequency(
        (1, Gen.Constant(Act.SignUp)),
        (10, Gen.Constant(Act.Follow)),
        (4, Gen.Constant(Act.Unfollow)),
        (2, Gen.Constant(Act.Block)),
        (2, Gen.Constant(Act.Unblock)),
        (2, Gen.Constant(Act.Mute)),
        (2, Gen.Constant(Act.Unmute)),
        (16, Gen.Constant(Act.Post)),
        (2, Gen.Constant(Act.Flood)),
        (4, Gen.Constant(Act.Reply)),
        (6, Gen.Constant(Act.Repost)),
        (2, Gen.Constant(Act.Unrepost)),
        (4, Gen.Constant(Act.Like)),
        (2, Gen.Constant(Act.Unlike)),
        (5, Gen.Constant(Act.DeletePost)),
        (2, Gen.Constant(Act.Purge)),
        (1, Gen.Constant(Act.DeleteAccount)),
        (2, Gen.Constant(Act.Suspend)),
        (3, Gen.Constant(Act.Lift)),
        (10, Gen.Constant(Act.ReadPages)),
        (5, Gen.Constant(Act.Burst)),
        (4, Gen.Constant(Act.Wipe)),
        (1, Gen.Constant(Act.Restart)),
        (4, Gen.Constant(Act.Settle))
    );

    private static readonly Gen<Step> Any =
        from act in AnyAct
        from who in Gen.Choose(0, 59)
        from whom in Gen.Choose(0, 59)
        from which in Gen.Choose(0, 999)
        from detail in Gen.Choose(0, 999)
        select new Step(act, who, whom, which, detail);

    /// <summary>Histories, shrunk by leaving out halves, quarters, … and single steps.</summary>
    public static Arbitrary<Step[]> Histories { get; } =
        Arb.From(
            from length in Gen.Choose(5, MostSteps)
            from steps in Gen.ArrayOf(Any, length)
            select steps,
            Shorter
        );

    public override string ToString() => $"new(Act.{Act}, {Who}, {Whom}, {Which}, {Detail})";

    private static IEnumerable<Step[]> Shorter(Step[] steps)
    {
        // Who only wants to know that there is a failing history need not wait for the shortest.
        if (Environment.GetEnvironmentVariable("ROOKERY_SHRINK") == "no")
        {
            yield break;
        }

        for (var size = steps.Length / 2; size > 0; size /= 2)
        {
            for (var from = 0; from + size <= steps.Length; from += size)
            {
                yield return [.. steps[..from], .. steps[(from + size)..]];
            }
        }
    }
}
