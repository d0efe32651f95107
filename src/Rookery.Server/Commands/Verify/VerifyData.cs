using Rookery.Server.Commands.Running;
using Rookery.Verification;

namespace Rookery.Server.Commands.Verify;

/// <summary><c>verify</c>: says of every derived thing how much was compared and what differs.</summary>
internal sealed class VerifyData(VerifyAll verify)
{
    public async Task<int> RunAsync(
        VerifyRequest request,
        ICommandOutput output,
        CancellationToken token
    )
    {
        var (compared, different, repaired) = (0L, 0L, 0L);
        await foreach (var report in verify.HandleAsync(request.Repair, token))
        {
            Show(report, output);
            compared += report.Compared;
            different += report.Different;
            repaired += report.Repaired;
        }

        output.Line(
            $"{compared} compared, {different} different"
                + (request.Repair ? $", {repaired} repaired" : "")
        );
        if (compared == 0)
        {
            output.Error("nothing was compared: there is nothing in this folder yet.");
            return ExitCodes.NothingDone;
        }

        return different == 0 ? ExitCodes.Done : Differing(request, different, repaired, output);
    }

    private static int Differing(
        VerifyRequest request,
        long different,
        long repaired,
        ICommandOutput output
    )
    {
        if (!request.Repair)
        {
            output.Error("something differs; rookery verify --repair sets it right.");
        }
        else if (repaired < different)
        {
            output.Error("not all of it could be repaired; the lines above say what.");
        }
        else
        {
            output.Error("what differed was repaired; run verify again to see that nothing does.");
        }

        return ExitCodes.Failed;
    }

    private static void Show(CheckReport report, ICommandOutput output)
    {
        output.Line(
            $"{report.Name}: {report.Compared} compared, {report.Different} different"
                + (report.Repaired > 0 ? $", {report.Repaired} repaired" : "")
        );
        foreach (var difference in report.Differences)
        {
            output.Line($"  {difference}");
        }

        if (report.Different > report.Differences.Count)
        {
            output.Line($"  and {report.Different - report.Differences.Count} more");
        }
    }
}
