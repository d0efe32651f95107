using System.Diagnostics;
using System.Globalization;
using Rookery.TestKit;
using Xunit;

namespace Rookery.SystemTests.Docs;

public sealed class BackupDocTests
{
    [Fact]
    public async Task Each_documented_way_of_backup_takes_all_that_was_acknowledged_from_a_running_server()
    {
        var token = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var data = Directory.CreateDirectory(Path.Combine(folder.Path, "data")).FullName;
        await using var server = await ServerProcess.StartAsync(data, token);
        for (var i = 0; i < 3; i++)
        {
            using var fields = new FormUrlEncodedContent([new("name", $"Person {i}")]);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/users")
            {
                Content = fields,
            };
            request.Headers.Authorization = new("Bearer", await KeyAsync(data, token));
            using var answer = await server.Http.SendAsync(request, token);
            Assert.True(answer.IsSuccessStatusCode);
        }

        var commands = File.ReadLines(Tree.PathOf("docs/operations.md"))
            .Where(line => line.StartsWith("sqlite3 data/rookery.db", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(2, commands.Count);
        foreach (var command in commands)
        {
            await ShellAsync(command, folder.Path, token);
            var backup = await ShellAsync(
                "sqlite3 backup.db 'PRAGMA integrity_check; SELECT count(*) FROM accounts'; rm backup.db",
                folder.Path,
                token
            );
            Assert.Equal("ok\n3\n", backup);
        }
    }

    private static async Task<string> KeyAsync(string data, CancellationToken token) =>
        (await File.ReadAllTextAsync(Path.Combine(data, "service.key"), token)).Trim();

    private static async Task<string> ShellAsync(
        string command,
        string folder,
        CancellationToken token
    )
    {
        using var shell = Process.Start(
            new ProcessStartInfo("bash", ["-c", command])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
            }
        )!;
        var output = await shell.StandardOutput.ReadToEndAsync(token);
        await shell.WaitForExitAsync(token);
        Assert.True(
            shell.ExitCode == 0,
            string.Create(CultureInfo.InvariantCulture, $"{command} ended with {shell.ExitCode}")
        );
        return output;
    }
}
