using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;
using Xunit;

namespace Rookery.SystemTests;

/// <summary>What is shipped has none of the bugs that are put in on purpose.</summary>
public sealed class NormalBuildTests
{
    private static readonly string[] Assemblies =
    [
        "Rookery.dll",
        "Rookery.Adapters.dll",
        "Rookery.Server.dll",
    ];

    public static TheoryData<string> Shipped => [.. Assemblies];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void No_shipped_assembly_knows_a_seeded_bug(string assembly)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly));
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var types = metadata
            .TypeDefinitions.Select(type =>
                metadata.GetString(metadata.GetTypeDefinition(type).Name)
            )
            .ToList();
        var literals = LiteralsOf(metadata);
        Assert.NotEmpty(types);
        Assert.DoesNotContain("SeededBugs", types);
        Assert.DoesNotContain(
            SeededBug.All,
            bug => literals.Contains(bug.Name, StringComparison.Ordinal)
        );
    }

    /// <summary>Every text that the assembly's code holds, one after the other.</summary>
    private static string LiteralsOf(MetadataReader metadata)
    {
        var all = new StringBuilder();
        var literal = MetadataTokens.UserStringHandle(1);
        while (!literal.IsNil)
        {
            all.AppendLine(metadata.GetUserString(literal));
            literal = metadata.GetNextHandle(literal);
        }

        return all.ToString();
    }
}
