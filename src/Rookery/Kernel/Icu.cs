namespace Rookery.Kernel;

/// <summary>Whether the runtime can normalise text. In invariant mode it silently returns it as it is.</summary>
internal static class Icu
{
    private const string Decomposed = "e\u0301";
    private const string Composed = "\u00E9";

    /// <summary>Null when all is well, else what is missing and how to get it.</summary>
    public static string? Problem() => Problem(Decomposed.Normalize());

    internal static string? Problem(string normalised) =>
        normalised == Composed
            ? null
            : "Text cannot be normalised: the runtime is in globalization-invariant mode. Install ICU "
                + "(Debian 12: apt-get install libicu72) and unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.";
}
