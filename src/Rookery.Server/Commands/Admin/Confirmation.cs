namespace Rookery.Server.Commands.Admin;

/// <summary>Asks before what cannot be taken back.</summary>
internal static class Confirmation
{
    public static bool Ask(string username)
    {
        if (Console.IsInputRedirected)
        {
            Console.Error.WriteLine(
                "rookery: say --yes to delete an account where nobody can be asked."
            );
            return false;
        }

        Console.Error.Write($"Delete @{username} and all that hangs on it? Type the username: ");
        var confirmed = Console.In.ReadLine() == username;
        if (!confirmed)
        {
            Console.Error.WriteLine("rookery: nothing was deleted.");
        }

        return confirmed;
    }
}
