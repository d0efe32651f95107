using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Accounts;
using Rookery.Reading;

namespace Rookery.Benchmarks;

/// <summary>
/// Bytes allocated per operation, as <c>budgets.json</c> states them. What runs on the calling thread is exact; a request through Kestrel is the
/// least of several rounds, because timers and the thread pool allocate now and then.
/// </summary>
internal static class Budgets
{
    private const int Warm = 2_000;
    private const int Rounds = 8;
    private const int PerRound = 500;

    public static async Task<IReadOnlyDictionary<string, long>> MeasureAsync()
    {
        await using var world = await HomeWorld.CreateAsync(followees: 200, postsPerFollowee: 2);
        var found = new Dictionary<string, long>();
        var sessions = world.Services.GetRequiredService<Sessions>();
        using (var page = TimelinePage.Rent())
        {
            await world.HomeAsync(page, 200);
            found["home page of 20 before HTTP"] = OnThread(() =>
                Finish(world.HomeAsync(page, 20))
            );
            found["home page of 200 before HTTP"] = OnThread(() =>
                Finish(world.HomeAsync(page, 200))
            );
        }

        found["session lookup"] = OnThread(() =>
            sessions.TryAuthenticate(world.Reader.Token, out _)
        );
        var stream = new WriteStream(world);
        await stream.WriteAsync();
        found["post written to a stream"] = OnThread(() =>
        {
            var written = stream.WriteAsync();
            Finish(written);
        });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(world.Address.Host, world.Address.Port);
        found["GET /health/live"] = OverHttp(socket, "/health/live", world.Reader.Token);
        foreach (var count in new[] { 1, 20, 200 })
        {
            found[$"GET /api/v1/home_timeline, count={count}"] = OverHttp(
                socket,
                $"/api/v1/home_timeline?user_id={world.Reader.Id}&count={count:D3}",
                world.Reader.Token
            );
        }

        return found;
    }

    private static void Finish(ValueTask<int> page)
    {
        if (!page.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("What is in memory is read without waiting.");
        }

        _ = page.GetAwaiter().GetResult();
    }

    private static long OnThread(Action operation)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            operation();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < PerRound; i++)
            {
                operation();
            }

            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / PerRound);
        }

        return least;
    }

    private static long OverHttp(Socket socket, string path, string token)
    {
        var request = Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        var answer = new byte[1 << 18];
        var length = Exchange(socket, request, answer, expected: 0);
        for (var i = 0; i < Warm; i++)
        {
            Exchange(socket, request, answer, length);
        }

        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < PerRound; i++)
            {
                Exchange(socket, request, answer, length);
            }

            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / PerRound);
        }

        return least;
    }

    /// <summary>The length of the answer: found out the first time, read to the end of it after that.</summary>
    private static int Exchange(Socket socket, byte[] request, byte[] answer, int expected)
    {
        socket.Send(request);
        var received = 0;
        do
        {
            received += socket.Receive(
                answer,
                received,
                answer.Length - received,
                SocketFlags.None
            );
            expected = expected > 0 ? expected : LengthOf(answer.AsSpan(0, received));
        } while (received < expected);
        return expected;
    }

    private static int LengthOf(ReadOnlySpan<byte> answer)
    {
        var text = Encoding.UTF8.GetString(answer);
        if (!text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(text);
        }

        const string Length = "Content-Length: ";
        var from = text.IndexOf(Length, StringComparison.Ordinal) + Length.Length;
        var to = text.IndexOf('\r', from);
        var head = answer.IndexOf("\r\n\r\n"u8) + 4;
        return head
            + int.Parse(
                text.AsSpan(from, to - from),
                System.Globalization.CultureInfo.InvariantCulture
            );
    }
}
