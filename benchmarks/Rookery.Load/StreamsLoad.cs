using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rookery.Load;

/// <summary>
/// Ten thousand open streams of one server, over Server-Sent Events or over WebSockets: what they take of its memory, and how long a post takes from being sent until those of its author's
/// thousand followers have it. This process reads all of them on one thread, so what it takes for that is in the times.
/// </summary>
internal sealed class StreamsLoad : IDisposable
{
    private const int Streams = 10_000;
    private const int Followers = 1_000;
    private const int Posts = 60;
    private const int NotCounted = 10;

    /// <summary>Of an account that does not follow the author; the server lets one have 32.</summary>
    private const int StreamsOfOther = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Epoll _list = new();
    private readonly List<Socket> _sockets = [];
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly int[] _ready = new int[256];

    public static void Run(bool isSocket)
    {
        // Early collections: what is resident is what is held.
        using var server = ServerProcess.Start(
            null,
            tight: true,
            // No ping comes meanwhile: this client answers none.
            settings: new Dictionary<string, string> { ["Live__HeartbeatSeconds"] = "60" }
        );
        using var people = new People(server);
        var author = people.Accounts(1)[0];
        var followers = people.WithTokens(Followers);
        var others = people.WithTokens((Streams - Followers) / StreamsOfOther);
        people.Follow([.. followers.Select(follower => (follower.Id, author))]);
        people.Follow([
            .. others.Select((other, i) => (other.Id, others[(i + 1) % others.Length].Id)),
        ]);
        var before = server.ResidentMegabytes;
        using var streams = new StreamsLoad();
        streams.Open(server.Port, isSocket, followers);
        for (var i = 0; i < StreamsOfOther; i++)
        {
            streams.Open(server.Port, isSocket, others);
        }

        var open = server.ResidentMegabytes;
        var (first, last) = streams.Time(people, author);
        var what = isSocket ? "WebSockets" : "Server-Sent Events";
        Report.Line(
            $"{Streams:N0} open streams, {what}",
            $"{open:F0} MB resident, {before:F0} before, {(open - before) * 1024 / Streams:F1} kB each; {server.ResidentMegabytes:F0} after {Posts} posts",
            "<= 1,024 MB"
        );
        Report.Line(
            $"a post until its {Followers:N0} followers' streams have it",
            $"each p50 {first.P50:F0} p99 {first.P99:F0} ms, the last of them p50 {last.P50:F0} max {last.Max:F0} ms",
            "p99 <= 200 ms"
        );
    }

    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _list.Dispose();
    }

    /// <summary>One after the other: each is answered before the next is opened.</summary>
    private void Open(int port, bool isSocket, Person[] people)
    {
        foreach (var person in people)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(IPAddress.Loopback, port);
            socket.Send(
                isSocket
                    ? Requests.Socket("/api/v1/streaming?stream=user", person.Token)
                    : Requests.Get("/api/v1/streaming/user", person.Token)
            );
            var read = socket.Receive(_buffer);
            var status = isSocket ? "HTTP/1.1 101"u8 : "HTTP/1.1 200"u8;
            if (!_buffer.AsSpan(0, read).StartsWith(status))
            {
                throw new InvalidOperationException(Encoding.UTF8.GetString(_buffer, 0, read));
            }

            socket.Blocking = false;
            _list.Add(socket, _sockets.Count);
            _sockets.Add(socket);
        }
    }

    /// <summary>Milliseconds to each follower, and to the last of each post's.</summary>
    private (Latencies Each, Latencies Last) Time(People people, long author)
    {
        var (each, last) = (new Latencies(), new Latencies());
        for (var i = 0; i < Posts; i++)
        {
            var since = Stopwatch.GetTimestamp();
            people.Post([author]);
            var told = new bool[Followers];
            for (var left = Followers; left > 0; )
            {
                left -= Collect(since, told, i < NotCounted ? null : each);
                if (Stopwatch.GetElapsedTime(since) > Patience)
                {
                    throw new InvalidOperationException($"{left} followers were not told.");
                }
            }

            if (i >= NotCounted)
            {
                last.Add(Stopwatch.GetTimestamp() - since, isError: false, bytes: 0);
            }
        }

        return (each, last);
    }

    /// <summary>How many of the followers were told of the post by what came.</summary>
    private int Collect(long since, bool[] told, Latencies? times)
    {
        var more = 0;
        var count = _list.Wait(_ready, TimeSpan.FromSeconds(1));
        for (var i = 0; i < count; i++)
        {
            var tag = _ready[i];
            var isUpdate = false;
            while (_sockets[tag].Available > 0)
            {
                var read = _sockets[tag].Receive(_buffer);
                // Written so on both: `event: update` and `"event":"update"`.
                isUpdate |= _buffer.AsSpan(0, read).IndexOf("update"u8) >= 0;
            }

            if (isUpdate && tag < Followers && !told[tag])
            {
                told[tag] = true;
                more++;
                times?.Add(Stopwatch.GetTimestamp() - since, isError: false, bytes: 0);
            }
        }

        return more;
    }
}
