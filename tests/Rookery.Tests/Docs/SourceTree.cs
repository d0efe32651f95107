namespace Rookery.Tests.Docs;

/// <summary>The files of the repository that this test was built from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    public static bool Has(string relative) =>
        File.Exists(PathOf(relative)) || Directory.Exists(PathOf(relative));

    /// <summary>Relative paths of all files with this ending under a folder, with / between folders.</summary>
    public static IEnumerable<string> Files(string folder, string ending) =>
        Directory
            .EnumerateFiles(PathOf(folder), "*" + ending, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("artifacts/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Rookery.slnx")))
        {
            folder =
                folder.Parent
                ?? throw new InvalidOperationException("This test runs inside its repository.");
        }

        return folder.FullName;
    }
}
