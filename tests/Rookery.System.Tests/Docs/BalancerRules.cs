using System.Text.RegularExpressions;

namespace Rookery.SystemTests.Docs;

/// <summary>Which role answers which request, as the local cluster's balancer is told.</summary>
internal sealed partial class BalancerRules
{
    private static readonly string Configuration = File.ReadAllText(
        Tree.PathOf("deploy/cluster/haproxy.cfg")
    );

    private readonly string _default = DefaultBackend()
        .Match(Configuration)
        .Groups["backend"]
        .Value;

    private readonly List<Rule> _rules =
    [
        .. UseBackend()
            .Matches(Configuration)
            .Select(line => new Rule(
                line.Groups["backend"].Value,
                new Regex(line.Groups["path"].Value, RegexOptions.CultureInvariant),
                line.Groups["methods"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            )),
    ];

    public int Count => _rules.Count;

    /// <summary>The first rule that takes it, or the default.</summary>
    public string BackendOf(string method, string path) =>
        _rules.Find(rule => rule.Takes(method, Plain(path)))?.Backend ?? _default;

    /// <summary>What the configuration makes of a path first, as it says in these words.</summary>
    private static string Plain(string path) =>
        Configuration.Contains(
            "http-request set-var(txn.path) path,url_dec,lower,regsub(/$,)\n",
            StringComparison.Ordinal
        )
            ? TrailingSlash().Replace(Uri.UnescapeDataString(path).ToLowerInvariant(), "")
            : path;

    [GeneratedRegex("/$")]
    private static partial Regex TrailingSlash();

    [GeneratedRegex(
        @"use_backend (?<backend>\w+) if \{ (path_reg|var\(txn\.path\) -m reg) (?<path>\S+) \}( \{ method (?<methods>[A-Z ]+) \})?"
    )]
    private static partial Regex UseBackend();

    [GeneratedRegex(@"default_backend (?<backend>\w+)")]
    private static partial Regex DefaultBackend();

    private sealed record Rule(string Backend, Regex Path, string[] Methods)
    {
        public bool Takes(string method, string path) =>
            Path.IsMatch(path) && (Methods.Length == 0 || Methods.Contains(method));
    }
}
