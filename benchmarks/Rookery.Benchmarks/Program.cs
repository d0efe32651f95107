using BenchmarkDotNet.Running;
using Rookery.Benchmarks;

switch (args)
{
    case ["--quick", "WritePage"]:
        WritePage.Quick();
        break;
    case ["--quick", "MergeHeads"]:
        MergeHeads.Quick();
        break;
    case ["--quick", "ReadHome"]:
        await ReadHome.QuickAsync();
        break;
    case ["--quick", "CommitPosts"]:
        await CommitPosts.QuickAsync();
        break;
    case ["--quick", "PushTimelines"]:
        await PushTimelines.QuickAsync();
        break;
    case ["--quick", "ReadShared"]:
        await ReadShared.QuickAsync();
        break;
    case ["--quick", "AnalyzePosts"]:
        AnalyzePosts.Quick();
        break;
    case ["--quick", "SearchIndex"]:
        SearchIndex.Quick(1_000_000);
        break;
    case ["--quick", "SearchIndex", var posts]:
        SearchIndex.Quick(int.Parse(posts, System.Globalization.CultureInfo.InvariantCulture));
        break;
    case ["--quick", "SearchBeside"]:
        await SearchBeside.QuickAsync(1_000_000);
        break;
    case ["--quick", "Budgets"]:
        foreach (var (operation, bytes) in await Budgets.MeasureAsync())
        {
            Console.WriteLine($"{operation}: {bytes} B");
        }

        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(WritePage).Assembly).Run(args);
        break;
}
