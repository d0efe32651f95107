using System.Runtime.InteropServices;

namespace Rookery.Kernel;

/// <summary>
/// Whether the runtime can normalise text. In invariant mode it silently returns it as it is; where ICU is not installed it ends the process with a
/// stack trace at the first use of a culture.
/// </summary>
internal static partial class Icu
{
    private const string Advice = "Install ICU (Debian 12: apt-get install libicu72)";

    private const string Decomposed = "e\u0301";
    private const string Composed = "\u00E9";

    /// <summary>Null when all is well, else what is missing and how to get it.</summary>
    public static string? Problem() => Problem(Decomposed.Normalize());

    internal static string? Problem(string normalised) =>
        normalised == Composed
            ? null
            : "Text cannot be normalised: the runtime is in globalization-invariant mode. "
                + Advice
                + " and unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.";

    /// <summary>What to say where ICU is not there, else null. Must be asked before anything else; it uses no culture itself.</summary>
    public static string? Missing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            return LoadIcu() != 0 ? null : "No ICU library was found. " + Advice + ".";
        }
        catch (Exception fault) when (fault is DllNotFoundException or EntryPointNotFoundException)
        {
            // A runtime that keeps it elsewhere finds out by itself.
            return null;
        }
    }

    /// <summary>What the runtime itself calls at its first use of a culture; calling it twice is harmless.</summary>
    [LibraryImport("libSystem.Globalization.Native", EntryPoint = "GlobalizationNative_LoadICU")]
    private static partial int LoadIcu();
}
