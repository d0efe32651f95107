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
    default:
        BenchmarkSwitcher.FromAssembly(typeof(WritePage).Assembly).Run(args);
        break;
}
