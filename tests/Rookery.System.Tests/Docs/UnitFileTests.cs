using System.Diagnostics;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Docs;

public sealed class UnitFileTests
{
    [Theory]
    [InlineData("deploy/single/rookery.service", "rookery.service")]
    [InlineData("deploy/roles/rookery@.service", "rookery@timelines.service")]
    public void Systemd_understands_every_line_of_the_unit(string file, string name)
    {
        var unit = File.ReadAllText(Tree.PathOf(file));

        Assert.Equal("", Verify(unit, name));
        Assert.Contains(
            "ProtectClocks",
            Verify(unit.Replace("ProtectClock=", "ProtectClocks=", StringComparison.Ordinal), name),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_roles_unit_differs_from_the_single_ones_only_in_what_is_a_roles()
    {
        var single = Lines("deploy/single/rookery.service");
        var role = Lines("deploy/roles/rookery@.service");
        Assert.Equal(
            [
                "Description",
                "ExecStart",
                "WorkingDirectory",
                "EnvironmentFile",
                "EnvironmentFile",
                "StateDirectory",
            ],
            role.Except(single).Select(line => line.Split('=')[0])
        );
    }

    private static List<string> Lines(string file) =>
        [
            .. File.ReadLines(Tree.PathOf(file))
                .Where(line => line.Length > 0 && !line.StartsWith('#')),
        ];

    /// <summary>What systemd has to say against it.</summary>
    private static string Verify(string unit, string name)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, name);
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
