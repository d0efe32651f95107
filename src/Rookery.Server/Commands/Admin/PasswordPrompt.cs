using System.Text;

namespace Rookery.Server.Commands.Admin;

/// <summary>Reads a password without showing it. Never an argument: everybody on the machine can read those.</summary>
internal static class PasswordPrompt
{
    /// <summary>Null where none was given.</summary>
    public static string? Read()
    {
        var password = Console.IsInputRedirected ? Console.In.ReadLine() : Ask();
        if (string.IsNullOrEmpty(password))
        {
            Console.Error.WriteLine(
                "rookery: no password was given; type one, or send it to standard input."
            );
            return null;
        }

        return password;
    }

    private static string Ask()
    {
        Console.Error.Write("Password: ");
        var password = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                password.Length = Math.Max(0, password.Length - 1);
            }
            else if (key.KeyChar != '\0')
            {
                password.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return password.ToString();
    }
}
