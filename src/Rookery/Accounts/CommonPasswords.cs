using System.Collections.Frozen;

namespace Rookery.Accounts;

/// <summary>The passwords that are tried first. Held without those that are too short to be chosen.</summary>
internal sealed class CommonPasswords
{
    private const string Resource = "Rookery.Accounts.common-passwords.txt";

    private readonly FrozenSet<string> _passwords;

    private CommonPasswords(FrozenSet<string> passwords) => _passwords = passwords;

    public int Count => _passwords.Count;

    public static CommonPasswords Load()
    {
        using var stream =
            typeof(CommonPasswords).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly has no resource {Resource}.");
        using var reader = new StreamReader(stream);
        var passwords = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length >= PasswordRules.MinLength && !line.StartsWith('#'))
            {
                passwords.Add(line);
            }
        }

        return new(passwords.ToFrozenSet(StringComparer.OrdinalIgnoreCase));
    }

    public bool Contains(string password) => _passwords.Contains(password);
}
