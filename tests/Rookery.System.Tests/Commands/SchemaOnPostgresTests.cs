using System.Diagnostics;
using Xunit;

namespace Rookery.SystemTests.Commands;

/// <summary>What <c>schema --dialect postgres</c> prints, given to a real PostgreSQL.</summary>
public sealed class SchemaOnPostgresTests : IDisposable
{
    private const string Binaries = "/usr/lib/postgresql/15/bin";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rookery-pg-");

    [Fact]
    public async Task Every_service_can_be_laid_out_in_a_database_of_its_own()
    {
        // PostgreSQL does not run as root; its package comes with a user that may.
        if (Environment.UserName == "root")
        {
            await MustAsync("chown", "postgres", _folder.FullName);
        }

        await MustAsync([
            .. AsServer,
            $"{Binaries}/initdb",
            "-D",
            Cluster,
            "-U",
            "app",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]);
        // No address: it listens on a socket in the folder alone.
        await MustAsync([
            .. AsServer,
            $"{Binaries}/pg_ctl",
            "-D",
            Cluster,
            "-l",
            Path.Combine(_folder.FullName, "log"),
            "-w",
            "start",
            "-o",
            $"-c listen_addresses= -c fsync=off -k {_folder.FullName}",
        ]);
        try
        {
            foreach (var service in new[] { "accounts", "graph", "posts" })
            {
                var schema = await CommandProcess.RunAsync(
                    "schema",
                    service,
                    "--dialect",
                    "postgres"
                );
                await MustAsync("createdb", "-h", _folder.FullName, "-U", "app", service);
                var file = Path.Combine(_folder.FullName, $"{service}.sql");
                await File.WriteAllTextAsync(
                    file,
                    schema.Output,
                    TestContext.Current.CancellationToken
                );
                await MustAsync(
                    "psql",
                    "-q",
                    "-v",
                    "ON_ERROR_STOP=1",
                    "-h",
                    _folder.FullName,
                    "-U",
                    "app",
                    service,
                    "-f",
                    file
                );
                Assert.Equal("0", await NullableColumnsAsync(service));
            }
        }
        finally
        {
            await MustAsync([
                .. AsServer,
                $"{Binaries}/pg_ctl",
                "-D",
                Cluster,
                "-m",
                "immediate",
                "-w",
                "stop",
            ]);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string[] AsServer =>
        Environment.UserName == "root"
            ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--"]
            : [];

    private string Cluster => Path.Combine(_folder.FullName, "cluster");

    private async Task<string> NullableColumnsAsync(string database) =>
        (
            await MustAsync(
                "psql",
                "-At",
                "-h",
                _folder.FullName,
                "-U",
                "app",
                database,
                "-c",
                "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND is_nullable = 'YES'"
            )
        ).Trim();

    private async Task<string> MustAsync(params string[] command)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = _folder.FullName,
            }
        )!;
        // A server that pg_ctl starts keeps its error output open, so that is not read to its end.
        await process.WaitForExitAsync();
        Assert.True(
            process.ExitCode == 0,
            $"{string.Join(' ', command)} ended with {process.ExitCode}"
        );
        return command[0] == "psql" ? await process.StandardOutput.ReadToEndAsync() : "";
    }
}
