using System.Reflection;
using System.Xml.Linq;
using Rookery.Tests.Docs;
using Xunit;

namespace Rookery.Tests.Architecture;

/// <summary>The analyzer passes over a line that names nothing, so a slip of the pen would allow what it should ban.</summary>
public sealed class BannedSymbolsTests
{
    [Fact]
    public void Every_banned_symbol_exists_and_names_what_to_use_instead()
    {
        Assert.All(
            Banned(),
            line =>
            {
                Assert.True(Exists(line.Symbol), $"There is no {line.Symbol}.");
                Assert.False(string.IsNullOrWhiteSpace(line.Instead));
            }
        );
    }

    [Theory]
    [InlineData("P:System.DateTime.Now")]
    [InlineData("P:System.DateTime.UtcNow")]
    [InlineData("P:System.DateTimeOffset.Now")]
    [InlineData("P:System.DateTimeOffset.UtcNow")]
    [InlineData("M:System.Threading.Thread.Sleep(System.Int32)")]
    [InlineData("M:System.Threading.Thread.Sleep(System.TimeSpan)")]
    [InlineData("M:System.Threading.Tasks.Task.Delay(System.Int32)")]
    [InlineData("M:System.Threading.Tasks.Task.Delay(System.TimeSpan)")]
    [InlineData(
        "M:System.Threading.Tasks.Task.Delay(System.Int32,System.Threading.CancellationToken)"
    )]
    [InlineData(
        "M:System.Threading.Tasks.Task.Delay(System.TimeSpan,System.Threading.CancellationToken)"
    )]
    [InlineData("P:System.Threading.Tasks.Task`1.Result")]
    [InlineData("M:System.Threading.Tasks.Task.Wait")]
    [InlineData("P:System.Random.Shared")]
    [InlineData("M:System.Guid.NewGuid")]
    public void Clocks_sleeps_and_blocking_waits_are_banned(string symbol) =>
        Assert.Contains(symbol, Banned().Select(line => line.Symbol));

    [Fact]
    public void Every_project_is_looked_at_and_a_banned_symbol_is_an_error()
    {
        var packages = XDocument.Parse(SourceTree.Read("Directory.Packages.props"));
        Assert.Contains(
            packages.Descendants("GlobalPackageReference"),
            package =>
                (string?)package.Attribute("Include") == "Microsoft.CodeAnalysis.BannedApiAnalyzers"
        );
        var build = SourceTree.Read("Directory.Build.props");
        Assert.Contains("BannedSymbols.txt", build, StringComparison.Ordinal);
        Assert.Contains(
            "dotnet_diagnostic.RS0030.severity = error",
            SourceTree.Read(".editorconfig"),
            StringComparison.Ordinal
        );
    }

    private static IEnumerable<(string Symbol, string Instead)> Banned() =>
        SourceTree
            .Read("BannedSymbols.txt")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(';', 2))
            .Select(parts => (parts[0], parts[1]));

    private static bool Exists(string symbol)
    {
        var (kind, name) = (symbol[0], symbol[2..]);
        if (kind == 'T')
        {
            return Type.GetType(name) is not null;
        }

        var signature = name.IndexOf('(', StringComparison.Ordinal);
        var path = signature < 0 ? name : name[..signature];
        var dot = path.LastIndexOf('.');
        var type = Type.GetType(path[..dot]);
        return type?.GetMember(path[(dot + 1)..])
                .Any(member => signature < 0 ? HasNone(member) : Has(member, name[signature..]))
            == true;
    }

    private static bool HasNone(MemberInfo member) =>
        member is not MethodBase method || method.GetParameters().Length == 0;

    private static bool Has(MemberInfo member, string signature) =>
        member is MethodBase method
        && $"({string.Join(',', method.GetParameters().Select(parameter => parameter.ParameterType.FullName))})"
            == signature;
}
