namespace Rookery.TestKit;

/// <summary>Files of <c>tests/data</c>, which lie beside the tests.</summary>
internal static class TestData
{
    public static string Path(string name) =>
        System.IO.Path.Combine(AppContext.BaseDirectory, "data", name);
}
