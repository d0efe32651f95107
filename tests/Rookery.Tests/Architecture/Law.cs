using Xunit;

namespace Rookery.Tests.Architecture;

internal static class Law
{
    /// <summary>Fails with all breaches, so that they can be mended at once.</summary>
    public static void HasNoBreach(IEnumerable<string?> breaches)
    {
        var all = string.Join('\n', breaches.Order(StringComparer.Ordinal));
        Assert.True(all.Length == 0, "\n" + all);
    }
}
