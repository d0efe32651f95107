using Rookery.Accounts;
using Rookery.Graph;
using Rookery.Posts;

namespace Rookery.Server.Composition;

/// <summary>The people of a development server: made once, so that there is somebody to log in as and something to read.</summary>
internal sealed class DemoPeople(SignUp signUp, FollowAccount follow, AcceptPost accept)
{
    public static readonly string[] Roles = ["accounts", "graph", "posts"];

    private static readonly string[] Names = ["alice", "bob", "carol", "star"];

    private static readonly (string Follower, string Followee)[] Follows =
    [
        ("alice", "bob"),
        ("alice", "star"),
        ("bob", "alice"),
        ("bob", "star"),
        ("carol", "alice"),
        ("carol", "star"),
    ];

    private static readonly (string Author, string Text)[] Posts =
    [
        ("bob", "First light over the rookery. #morning"),
        ("star", "Everybody here follows me, so this stands on every home timeline."),
        ("alice", "Hello @bob, can you see this?"),
    ];

    public async Task MakeAsync(TextWriter output, CancellationToken token)
    {
        var people = new Dictionary<string, AccountId>(StringComparer.Ordinal);
        foreach (var name in Names)
        {
            var made = await signUp.HandleAsync(
                new SignUpRequest(name, $"{name}@example.org", PasswordOf(name)),
                token
            );
            if (made.Succeeded)
            {
                people.Add(name, made.Value.Account);
            }

            await output.WriteLineAsync($"  demo         {name, -6} password {PasswordOf(name)}");
        }

        // Made at an earlier start: what they did since is theirs.
        if (people.Count == Names.Length)
        {
            await LiveAsync(people, token);
        }
    }

    private static string PasswordOf(string name) => $"{name}-in-the-rookery";

    private async Task LiveAsync(Dictionary<string, AccountId> people, CancellationToken token)
    {
        foreach (var (follower, followee) in Follows)
        {
            await follow.HandleAsync(people[follower], people[followee], token);
        }

        foreach (var (author, text) in Posts)
        {
            await accept.HandleAsync(new PostRequest(people[author], text, "status"), token);
        }
    }
}
