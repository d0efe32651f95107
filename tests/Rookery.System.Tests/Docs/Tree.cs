namespace Rookery.SystemTests.Docs;

/// <summary>The files of the repository that this test was built from.</summary>
internal static class Tree
{
    public static string PathOf(string relative)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Rookery.slnx")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, relative);
    }
}
