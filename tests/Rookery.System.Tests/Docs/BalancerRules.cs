using System.Text.RegularExpressions;

namespace Rookery.SystemTests.Docs;

/// <summary>Which role answers which request, as the local cluster's balancer is told.</summary>
internal sealed partial class BalancerRules
{
    private readonly List<Rule> _rules =
    [
        .. UseBackend()
            .Matches(File.ReadAllText(Tree.PathOf("deploy/cluster/haproxy.cfg")))
            .Select(line => new Rule(
                line.Groups["backend"].Value,
                new Regex(line.Groups["path"].Value, RegexOptions.CultureInvariant),
                line.Groups["methods"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            )),
    ];

    public int Count => _rules.Count;

    /// <summary>The first rule that takes it, or the default.</summary>
    public string BackendOf(string method, string path) =>
        _rules.Find(rule => rule.Takes(method, path))?.Backend ?? "accounts";

    [GeneratedRegex(
        @"use_backend (?<backend>\w+) if \{ path_reg (?<path>\S+) \}( \{ method (?<methods>[A-Z ]+) \})?"
    )]
    private static partial Regex UseBackend();

    private sealed record Rule(string Backend, Regex Path, string[] Methods)
    {
        public bool Takes(string method, string path) =>
            Path.IsMatch(path) && (Methods.Length == 0 || Methods.Contains(method));
    }
}
