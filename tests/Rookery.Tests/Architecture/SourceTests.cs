using System.Text.RegularExpressions;
using Rookery.Tests.Docs;
using Xunit;

namespace Rookery.Tests.Architecture;

public sealed partial class SourceTests
{
    private const int MostLines = 400;

    private static readonly string[] Folders = ["src", "tests", "benchmarks"];

    [Fact]
    public void Program_is_a_page_at_most()
    {
        Assert.InRange(LinesOf("src/Rookery.Server/Program.cs"), 1, 80);
    }

    [Fact]
    public void Files_are_short()
    {
        var longer = SourceTree
            .Files("src", ".cs")
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Where(path => LinesOf(path) > MostLines);
        Law.HasNoBreach(longer);
    }

    [Fact]
    public void Work_left_to_do_names_its_issue()
    {
        var bare =
            from folder in Folders
            from path in SourceTree.Files(folder, ".cs")
            from line in File.ReadLines(SourceTree.PathOf(path))
            where Mark().IsMatch(line) && !NamedMark().IsMatch(line)
            select $"{path}: {line.Trim()}";
        Law.HasNoBreach(bare);
    }

    [Fact]
    public void Each_room_has_one_file_for_a_use_case_and_no_drawer_for_the_rest()
    {
        string[] drawers = ["Services", "Helpers", "Utils", "Extensions", "Common", "Managers"];
        var found = Directory
            .EnumerateDirectories(SourceTree.PathOf("src"), "*", SearchOption.AllDirectories)
            .Where(path => drawers.Contains(Path.GetFileName(path)));
        Law.HasNoBreach(found);
    }

    [Fact]
    public void The_root_has_few_entries()
    {
        var entries = Directory
            .EnumerateFileSystemEntries(SourceTree.Root)
            .Select(Path.GetFileName)
            .Where(name => name is not (".git" or "artifacts" or "artifacts-seeded" or "data"));
        Assert.InRange(entries.Count(), 1, 20);
    }

    private static int LinesOf(string path) => File.ReadLines(SourceTree.PathOf(path)).Count();

    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|HA[C]K|X[X]X)\b")]
    private static partial Regex Mark();

    [GeneratedRegex(@"\bTO[D]O\(#\d+\): \S")]
    private static partial Regex NamedMark();
}
