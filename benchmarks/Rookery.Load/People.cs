using System.Diagnostics;
using System.Text.Json;

namespace Rookery.Load;

/// <summary>One who can read and write with a token of its own.</summary>
internal sealed record Person(long Id, string Username, string Token);

/// <summary>Sets up accounts, follows and posts through the API.</summary>
/// <param name="data">A folder for files, and the one that commands name.</param>
internal sealed class People(int port, string key, string data, int connections = 64) : IDisposable
{
    private const string Words =
        "The starlings are back above the old pier tonight, thousands of them, and nobody counts ";

    private readonly LoadClient _client = new(port, connections);
    private readonly string _run = $"{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds():x}";
    private int _named;

    public People(ServerProcess server)
        : this(server.Port, server.ServiceKey, server.Data) { }

    public string Key => key;

    /// <summary>Accounts without a password.</summary>
    public long[] Accounts(int count)
    {
        var ids = new long[count];
        All(
            count,
            _ => Requests.Post("/users", $$"""{"name":"Load {{_named++}}"}""", key),
            (i, body) => ids[i] = IdIn(body, "id")
        );
        return ids;
    }

    /// <summary>Accounts that have a token; the service key frees the sign-up of its limit.</summary>
    public Person[] WithTokens(int count)
    {
        var people = new Person[count];
        All(
            count,
            _ =>
            {
                var name = $"reader_{_run}_{_named++}";
                return Requests.Post(
                    "/api/v1/signup",
                    $$"""{"username":"{{name}}","email":"{{name}}@example.org","password":"correct horse battery {{name}}"}""",
                    key
                );
            },
            (i, body) => people[i] = PersonIn(body)
        );
        return people;
    }

    /// <summary>The ids of the accounts called uN.</summary>
    public long[] Named(long[] numbers, string token)
    {
        var ids = new long[numbers.Length];
        All(
            numbers.Length,
            i => Requests.Get($"/api/v1/user?username=u{numbers[i]}", token),
            (i, body) => ids[i] = TextIdIn(body)
        );
        return ids;
    }

    public void Follow(IReadOnlyList<(long Follower, long Followee)> follows) =>
        All(
            follows.Count,
            i =>
                Requests.Post(
                    $"/follow/{follows[i].Follower}",
                    $$"""{"followee_id":{{follows[i].Followee}}}""",
                    key
                ),
            static (_, _) => { }
        );

    public void ReadHomes(IReadOnlyList<long> accounts) =>
        All(
            accounts.Count,
            i => Requests.Get($"/timeline?user_id={accounts[i]}&count=1", key),
            static (_, _) => { }
        );

    public long[] Post(IReadOnlyList<long> authors)
    {
        var ids = new long[authors.Count];
        All(authors.Count, i => PostOf(authors[i], i, key), (i, body) => ids[i] = IdIn(body, "id"));
        return ids;
    }

    /// <summary>Posts of the past, one a minute up to now, of the authors in turn: by the command, which the server runs.</summary>
    public void PostsOfThePast(IReadOnlyList<Person> authors, int count)
    {
        var file = Path.Combine(data, "past.csv");
        var now = TimeProvider.System.GetUtcNow();
        File.WriteAllLines(
            file,
            Enumerable
                .Range(0, count)
                .Select(i =>
                    $"\"{Words}{i}\",{authors[i * 7 % authors.Count].Username},{now.AddMinutes(i - count):O}"
                )
                .Prepend("text,user,date")
        );
        using var import = Process.Start(
            ServerProcess.Executable(),
            ["import", "posts", file, "--columns", "text=text,user=user,date=date", "--data", data]
        );
        import.WaitForExit();
        if (import.ExitCode != 0)
        {
            throw new InvalidOperationException("The posts could not be imported.");
        }
    }

    public static byte[] PostOf(long author, int number, string key) =>
        Requests.Post(
            "/tweets",
            $$"""{"user_id":{{author}},"content":"{{Words}}{{number}}"}""",
            key
        );

    public void Dispose() => _client.Dispose();

    private void All(int count, Func<int, byte[]> request, Action<int, ReadOnlyMemory<byte>> answer)
    {
        var next = 0;
        var asked = new int[_client.Connections];
        _client.RunClosed(
            new Workload(
                connection => next == count ? default : request(asked[connection] = next++),
                (connection, status, body) =>
                {
                    if (status >= 300)
                    {
                        throw new InvalidOperationException(
                            $"Setting up failed: {status} {System.Text.Encoding.UTF8.GetString(body.Span)}"
                        );
                    }

                    answer(asked[connection], body);
                }
            ),
            TimeSpan.FromHours(1)
        );
    }

    private static long IdIn(ReadOnlyMemory<byte> body, string name)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty(name).GetInt64();
    }

    private static long TextIdIn(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        return long.Parse(
            json.RootElement.GetProperty("user_id").GetString()!,
            System.Globalization.CultureInfo.InvariantCulture
        );
    }

    private static Person PersonIn(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var person = json.RootElement;
        return new Person(
            TextIdIn(body),
            person.GetProperty("username").GetString()!,
            person.GetProperty("auth_token").GetString()!
        );
    }
}
