#if SEEDED_BUGS
namespace Rookery.Kernel;

/// <summary>
/// Bugs put in on purpose, to see that the tests would find them. Only the build with <c>-p:SeededBugs=true</c> has them, in an output folder of its
/// own; docs/seeded-bugs.md lists them. The environment says which one is active.
/// </summary>
internal static class SeededBugs
{
    private static readonly string? Active = Environment.GetEnvironmentVariable(
        "ROOKERY_SEEDED_BUG"
    );

    public static bool Is(string name) => name == Active;
}
#endif
