using System.Text.RegularExpressions;

namespace Rookery.Adapters.Logs;

/// <summary>
/// The last guard: no line of the program holds a secret, but the text of an exception of somebody else's library may. Hides the secrets of this
/// process, and what looks like one.
/// </summary>
internal sealed partial class Redaction(IReadOnlyList<string> secrets)
{
    private const string Hidden = "***";

    /// <summary>A word that shorter secrets hide would be missed in harmless lines.</summary>
    private const int Shortest = 6;

    private readonly string[] _secrets =
    [
        .. secrets
            .Where(secret => secret.Length >= Shortest)
            .Distinct()
            // The longer first: one may be a part of another.
            .OrderByDescending(secret => secret.Length),
    ];

    /// <summary>The secrets in a connection string or an address.</summary>
    public static IEnumerable<string> In(string setting) =>
        Secret().Matches(setting).Select(match => match.Groups["secret"].Value);

    public string Hide(string text)
    {
        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, Hidden, StringComparison.Ordinal);
        }

        return Secret().Replace(text, "${before}" + Hidden);
    }

    // Tokens in headers, named values, and the password in an address.
    [GeneratedRegex(
        """
            (?<before>Bearer\s+|(password|passwd|pwd|secret|token)["']?\s*[=:]\s*["']?)(?<secret>[^\s;,&"']+)|(?<before>://[^\s/:@]*:)(?<secret>[^\s/@]+)(?=@)
            """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Secret();
}
