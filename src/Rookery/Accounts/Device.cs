namespace Rookery.Accounts;

/// <summary>What somebody logs in with, as its request calls it: a few words that its owner recognises, and nothing that somebody else could put there.</summary>
internal static class Device
{
    // The first that is in the text: most browsers call themselves by the others' names too.
    private static readonly (string Sign, string Name)[] Browsers =
    [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];

    private static readonly (string Sign, string Name)[] Systems =
    [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];

    /// <summary>Empty where nothing is recognised.</summary>
    public static string Of(string? userAgent)
    {
        var browser = First(Browsers, userAgent ?? "");
        var system = First(Systems, userAgent ?? "");
        return browser.Length > 0 && system.Length > 0 ? $"{browser}, {system}" : browser + system;
    }

    private static string First((string Sign, string Name)[] known, string userAgent) =>
        Array.Find(known, one => userAgent.Contains(one.Sign, StringComparison.Ordinal)).Name ?? "";
}
