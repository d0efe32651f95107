namespace Rookery.Web.Visits;

/// <summary>Where a browser is sent next. What a link or a form says of it is taken only where it stays on this site.</summary>
internal static class LocalPath
{
    public const string Field = "return";

    private const int Longest = 2_000;

    /// <summary>The path, or <paramref name="otherwise"/> where it is none, or none of this site.</summary>
    public static string Of(string? sent, string otherwise) =>
        sent is { Length: > 0 and <= Longest }
        && sent[0] == '/'
        // Two of them begin the name of another host; browsers take a backslash for one.
        && !(sent.Length > 1 && sent[1] == '/')
        && sent.All(unit => unit is > ' ' and <= '~' and not '\\')
            ? sent
            : otherwise;

    public static string LogIn(string back) => $"/login?{Field}={Uri.EscapeDataString(back)}";
}
