using System.Globalization;

namespace Rookery.Load;

/// <summary>
/// A real graph and its posts: how fast it is imported, what it takes on disk and in memory, and how long a home page takes that nobody has read.
/// </summary>
internal static class GraphLoad
{
    public static void Run(string graphFile, IReadOnlyList<(string File, string Columns)> posts)
    {
        var graph = RealGraph.Read(graphFile);
        // The same accounts in a ring, where everybody follows one: what is more for each is the account's, what the graph is more the follows'.
        var ring = RingOf(graph.Accounts);
        using var folder = new ImportedFolder();
        var import = folder.Run("import", "graph", graphFile)[^1];
        var perCpu = graph.Follows / folder.CpuSeconds;
        Report.Line("import graph", $"{import}, {perCpu:N0} per CPU-s", ">= 50,000/s");
        var ids = folder.Ids(graph.Accounts);
        var bare = Footprint.Of(folder, ids.Values);
        var stored = posts.Sum(one => Import(folder, one.File, one.Columns));
        Report.Line("verify", $"{folder.Run("verify")[^1]}", "0 different");
        var full = Footprint.Of(folder, ids.Values);

        var accounts = graph.Accounts.Length;
        double PerFollow(Func<Footprint, double> size) =>
            (size(bare) - size(ring)) / (graph.Follows - accounts);
        double PerPost(Func<Footprint, double> size) =>
            (size(full) - size(bare)) / Math.Max(1, stored);
        var (disk, memory) = (PerFollow(size => size.OnDisk), PerFollow(size => size.Homes));
        Report.Line(
            "on disk",
            $"{(ring.OnDisk / accounts) - disk:N0} B an account, {disk:N0} B a follow, {PerPost(size => size.OnDisk):N0} B a post"
        );
        Report.Line(
            "in memory, everybody's home read",
            $"{full.Cards / accounts:N0} B an account, {memory:N1} B a follow, {PerPost(size => size.Homes):N0} B a post, {(ring.Homes / accounts) - memory:N0} B a timeline with its reader's head"
        );
        Report.Line(
            "resident: ready, accounts shown, homes read",
            $"{full.Ready / 1e6:N0}, {(full.Ready + full.Cards) / 1e6:N0}, {(full.Ready + full.Cards + full.Homes) / 1e6:N0} MB"
        );
        ColdPages.Run(graph, folder, ids);
    }

    private static Footprint RingOf(long[] accounts)
    {
        using var folder = new ImportedFolder();
        var file = folder.Write(
            "ring",
            accounts.Select(
                (account, i) =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{account} {accounts[(i + 1) % accounts.Length]}"
                    )
            )
        );
        folder.Run("import", "graph", file);
        return Footprint.Of(folder, folder.Ids(accounts).Values);
    }

    private static long Import(ImportedFolder folder, string file, string columns)
    {
        var lines = folder.Run(
            "import",
            "posts",
            file,
            "--authors",
            "imported",
            "--columns",
            columns
        );
        var said = lines.First(line => line.Contains(" posts read: ", StringComparison.Ordinal));
        return long.Parse(said.Split(' ')[3], CultureInfo.InvariantCulture);
    }
}
