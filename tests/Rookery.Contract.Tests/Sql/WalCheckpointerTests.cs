using Xunit;

namespace Rookery.Contract.Tests.Sql;

public sealed class WalCheckpointerTests
{
    private const int Writes = 200;

    // Together twelve times the length at which the log is to start over.
    private const long WriteBytes = 64 << 10;

    [Fact]
    public async Task The_log_file_stays_short_however_much_is_written()
    {
        var stop = TestContext.Current.CancellationToken;
        using var queue = new QueueOnFile();
        var longest = 0L;
        for (var i = 0; i < Writes; i++)
        {
            await queue.Writes.RunAsync(
                commit =>
                    commit.Session.Execute(
                        "INSERT INTO items (id, body) VALUES (1, randomblob(@length)) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                        WriteBytes
                    ),
                stop
            );
            queue.Log.Refresh();
            longest = Math.Max(longest, queue.Log.Length);
        }

        Assert.InRange(longest, QueueOnFile.FinishAbove, 2 * QueueOnFile.FinishAbove);
    }
}
