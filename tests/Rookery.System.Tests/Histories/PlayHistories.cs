using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Xunit;

namespace Rookery.SystemTests.Histories;

/// <summary>Makes what one history is played on.</summary>
internal delegate Task<Strategy> PrepareStrategy(Strategy strategy, CancellationToken stop);

/// <summary>
/// Plays random histories. A failure names the seed and the shortest history that still fails; ROOKERY_SEED plays another set, ROOKERY_HISTORIES another
/// number.
/// </summary>
internal static class PlayHistories
{
    private const ulong Seed = 20_060_321;

    public static void Check(Strategy strategy, int histories, PrepareStrategy? prepare = null)
    {
        var stop = TestContext.Current.CancellationToken;
        var seed = Number("ROOKERY_SEED", Seed);
        var replay = new Replay(new Rnd(seed, 1), FSharpOption<int>.None);
        var config = Config
            .QuickThrowOnFailure.WithName($"{strategy.Name}, seed {seed}")
            .WithMaxTest((int)Number("ROOKERY_HISTORIES", (ulong)histories))
            .WithReplay(FSharpOption<Replay>.Some(replay));
        FsCheck.Check.One(
            config,
            Prop.ForAll(
                Step.Histories,
                steps => PlayAsync(steps, strategy, prepare, stop).GetAwaiter().GetResult()
            )
        );
    }

    private static async Task PlayAsync(
        Step[] steps,
        Strategy strategy,
        PrepareStrategy? prepare,
        CancellationToken stop
    )
    {
        var played = prepare is null ? strategy : await prepare(strategy, stop);
        await HistoryRun.PlayAsync(steps, played, stop);
    }

    private static ulong Number(string variable, ulong otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? ulong.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
