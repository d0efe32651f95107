using System.Reflection;
using System.Xml.Linq;
using Rookery.Tests.Docs;
using Xunit;

namespace Rookery.Tests.Architecture;

public sealed class LayoutTests
{
    /// <summary>
    /// Inner types that one room hands to another on the path of a read, where records would cost an allocation for each page, and the rules of what
    /// is a hashtag, a mention or a link in a text, which posts and their search must share.
    /// </summary>
    private static readonly (string User, string Used)[] HandedOver =
    [
        ("Reading", "Timelines.HomeTimeline"),
        ("Reading", "Timelines.HomeRead"),
        ("Reading", "Posts.PostAccess"),
        ("Search", "Posts.Hashtag"),
        ("Search", "Posts.Link"),
        ("Search", "Posts.Mention"),
    ];

    /// <summary>Who connects stores, who writes to them in bulk, and who compares them with what is derived from them.</summary>
    private static readonly string?[] MayCallStores =
    [
        "Rookery.Server.Composition",
        "Rookery.Server.Commands.Import",
        "Rookery.Verification",
    ];

    /// <summary>They see the others from inside: one answers for their use cases, the other looks for their faults.</summary>
    private static readonly string?[] SeeInside = [Product.Api, "Verification"];

    [Fact]
    public void The_product_refers_to_no_package_and_to_no_other_project()
    {
        var project = XDocument.Parse(SourceTree.Read("src/Rookery/Rookery.csproj"));
        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("ProjectReference"));
        Assert.All(
            Product.Rooms.GetReferencedAssemblies(),
            used =>
                Assert.True(
                    used.Name!.StartsWith("System.", StringComparison.Ordinal)
                        || used.Name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal)
                        || used.Name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
                        || used.Name == "Microsoft.Net.Http.Headers",
                    $"Rookery uses {used.Name}, which is not part of ASP.NET Core."
                )
        );
    }

    [Fact]
    public void The_byte_protocols_use_nothing_but_the_runtime()
    {
        var project = XDocument.Parse(SourceTree.Read("src/Rookery.Wire/Rookery.Wire.csproj"));
        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("ProjectReference"));
        Assert.Empty(project.Descendants("FrameworkReference"));
        Assert.All(
            Product.Wire.GetReferencedAssemblies(),
            used => Assert.StartsWith("System.", used.Name, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Projects_refer_to_each_other_in_one_direction()
    {
        Assert.Subset(
            new HashSet<string> { "Rookery", "Rookery.Wire" },
            OursIn(Product.Adapters).ToHashSet()
        );
        Assert.Equal(["Rookery"], OursIn(Product.Web));
        Assert.Equal(["Rookery", "Rookery.Adapters", "Rookery.Web"], OursIn(Product.Server));
    }

    [Fact]
    public void A_room_uses_another_only_through_what_that_shows_to_all()
    {
        var inner =
            from use in TypeUses.In(Product.Rooms)
            let user = Product.RoomOf(use.User)
            let used = Product.RoomOf(use.Used)
            where user is not null && !SeeInside.Contains(user)
            where used is not (null or Product.Kernel)
            where user != used && !use.Used.IsPublic
            where !HandedOver.Contains((user, $"{used}.{use.Used.Name}"))
            select $"{use.User.FullName} uses {use.Used.FullName}";
        Law.HasNoBreach(inner);
    }

    [Fact]
    public void What_is_handed_over_between_rooms_is_still_used()
    {
        var uses = TypeUses
            .In(Product.Rooms)
            .Select(use =>
                (Product.RoomOf(use.User), $"{Product.RoomOf(use.Used)}.{use.Used.Name}")
            )
            .ToHashSet();
        Assert.All(HandedOver, handed => Assert.Contains(handed, uses));
    }

    [Fact]
    public void No_room_but_the_API_itself_knows_the_API()
    {
        var knowing = TypeUses
            .In(Product.Rooms)
            .Where(use => Product.RoomOf(use.Used) == Product.Api)
            .Where(use => Product.RoomOf(use.User) is not (null or Product.Api))
            .Select(use => use.User.FullName);
        Law.HasNoBreach(knowing);
    }

    [Fact]
    public void The_kernel_knows_no_room()
    {
        var knowing = TypeUses
            .In(Product.Rooms)
            .Where(use => Product.RoomOf(use.User) == Product.Kernel)
            .Where(use => Product.RoomOf(use.Used) is not (null or Product.Kernel))
            .Select(use => use.User.FullName);
        Law.HasNoBreach(knowing);
    }

    [Fact]
    public void A_store_is_called_by_its_own_room_alone()
    {
        var stores = Product.TypesOf(Product.Rooms).Where(Product.IsStore).ToList();
        Assert.True(stores.Count >= 6, "The stores were not found.");
        var callers = TypeUses
            .In(Product.Rooms)
            .Where(use => Product.IsStore(use.Used))
            .Where(use => Product.RoomOf(use.User) != Product.RoomOf(use.Used))
            .Concat(TypeUses.In(Product.Server).Where(use => Product.IsStore(use.Used)))
            .Concat(TypeUses.In(Product.Web).Where(use => Product.IsStore(use.Used)))
            .Where(use => !MayCallStores.Contains(use.User.Namespace))
            .Select(use => $"{use.User.FullName} calls {use.Used.Name}");
        Law.HasNoBreach(callers);
    }

    [Fact]
    public void Adapters_of_one_technology_do_not_use_those_of_another()
    {
        var uses =
            from use in TypeUses.In(Product.Adapters)
            let user = Product.AdapterFolderOf(use.User)
            let used = Product.AdapterFolderOf(use.Used)
            where user is not null && used is not null && user != used
            select $"{use.User.FullName} uses {use.Used.FullName}";
        Law.HasNoBreach(uses);
    }

    [Fact]
    public void Only_the_composition_names_adapters()
    {
        var naming = TypeUses
            .In(Product.Server)
            .Where(use => Product.AdapterFolderOf(use.Used) is not null)
            .Where(use => use.User.Namespace != "Rookery.Server.Composition")
            .Select(use => $"{use.User.FullName} names {use.Used.FullName}");
        Law.HasNoBreach(naming);
    }

    [Fact]
    public void Every_port_has_an_adapter_that_implements_it()
    {
        Assert.All(
            Server.Composition.Stores.Table,
            entry => Assert.True(entry.Port.IsAssignableFrom(entry.Adapter))
        );
        var served = Server.Composition.Stores.Table.Select(entry => entry.Port).ToHashSet();
        Assert.All(
            Product.TypesOf(Product.Rooms).Where(Product.IsStore),
            store => Assert.Contains(store, served)
        );
    }

    private static IEnumerable<string> OursIn(Assembly assembly) =>
        assembly
            .GetReferencedAssemblies()
            .Select(used => used.Name!)
            .Where(name => name.StartsWith("Rookery", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
