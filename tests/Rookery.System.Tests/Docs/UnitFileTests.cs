using System.Diagnostics;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Docs;

public sealed class UnitFileTests
{
    [Fact]
    public void Systemd_understands_every_line_of_the_unit()
    {
        var unit = File.ReadAllText(Tree.PathOf("deploy/single/rookery.service"));

        Assert.Equal("", Verify(unit));
        Assert.Contains(
            "ProtectClocks",
            Verify(unit.Replace("ProtectClock=", "ProtectClocks=", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    /// <summary>What systemd has to say against it.</summary>
    private static string Verify(string unit)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "rookery.service");
        // The program must be there to be verified; where dotnet is, is not the unit's matter.
        File.WriteAllText(
            path,
            unit.Replace("/usr/bin/dotnet", Environment.ProcessPath, StringComparison.Ordinal)
        );
        using var analyze = Process.Start(
            new ProcessStartInfo("systemd-analyze", ["verify", path])
            {
                RedirectStandardError = true,
            }
        )!;
        var said = analyze.StandardError.ReadToEnd();
        analyze.WaitForExit();
        return analyze.ExitCode == 0 || said.Length > 0 ? said : $"exit {analyze.ExitCode}";
    }
}
