using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Rookery.SystemTests.Commands;

[SupportedOSPlatform("linux")]
public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    private readonly CommandFolder _folder = new();

    [Fact]
    public async Task Files_are_their_owners_alone_also_in_a_folder_for_all()
    {
        Directory.CreateDirectory(_folder.Data);
        File.SetUnixFileMode(_folder.Data, Owner | UnixFileMode.UserExecute | Others);
        using var server = await RunningServer.StartAsync(_folder.Data);

        var files = Directory.GetFiles(_folder.Data);

        Assert.Contains(files, file => file.EndsWith("rookery.db-wal", StringComparison.Ordinal));
        Assert.All(files, file => Assert.Equal(Owner, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task Another_programs_database_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(_folder.Data);
        var file = Path.Combine(_folder.Data, "rookery.db");
        await MakeForeignAsync(file);
        var before = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);

        var outcome = await _folder.RunAsync("verify");

        Assert.NotEqual(0, outcome.Exit);
        Assert.Contains("another program", outcome.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            before.Length,
            (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).Length
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    public async Task A_service_key_that_is_none_stops_the_start(string key)
    {
        Directory.CreateDirectory(_folder.Data);
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Data, "service.key"),
            key,
            TestContext.Current.CancellationToken
        );

        var outcome = await CommandProcess.RunAsync(
            "serve",
            "--data",
            _folder.Data,
            "--urls",
            "http://127.0.0.1:0"
        );

        Assert.NotEqual(0, outcome.Exit);
        Assert.Contains("service.key", outcome.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task MakeForeignAsync(string file)
    {
        _ = Rookery.Adapters.Sql.SystemSqlite.Use();
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE birds (name TEXT)";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
