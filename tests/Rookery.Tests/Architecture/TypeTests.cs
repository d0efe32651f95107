using Microsoft.AspNetCore.Components;
using Xunit;

namespace Rookery.Tests.Architecture;

public sealed class TypeTests
{
    [Fact]
    public void Classes_are_sealed_unless_something_derives_from_them()
    {
        var all = Product
            .TypesOf(Product.Rooms)
            .Concat(Product.TypesOf(Product.Adapters))
            .Concat(Product.TypesOf(Product.Server))
            .Concat(Product.TypesOf(Product.Wire))
            // The compiler of pages seals none of them.
            .Concat(Product.TypesOf(Product.Web).Where(type => !IsPage(type)))
            .ToList();
        var open = all.Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false })
            .Where(type => !all.Any(other => other.BaseType == type))
            .Select(type => type.FullName);
        Law.HasNoBreach(open);
    }

    [Fact]
    public void Types_of_a_room_are_internal_unless_others_need_them()
    {
        var shown = Product
            .TypesOf(Product.Rooms)
            .Where(type => type.IsPublic && Product.RoomOf(type) != Product.Kernel)
            .ToList();
        var needed = shown.Where(IsShownByItself).ToHashSet();
        for (var last = 0; last != needed.Count; )
        {
            last = needed.Count;
            needed.UnionWith(needed.SelectMany(InSignatures).Where(shown.Contains).ToList());
        }

        Law.HasNoBreach(shown.Except(needed).Select(type => type.FullName));
    }

    [Fact]
    public void Adapters_are_internal_but_for_their_options()
    {
        var shown = Product
            .TypesOf(Product.Adapters)
            .Concat(Product.TypesOf(Product.Server))
            .Where(type => type.IsPublic)
            .Where(type => !type.Name.EndsWith("Options", StringComparison.Ordinal))
            .Select(type => type.FullName);
        Law.HasNoBreach(shown);
    }

    [Fact]
    public void Of_the_site_only_pages_and_what_they_show_is_public()
    {
        var shown = Product
            .TypesOf(Product.Web)
            .Where(type => type.IsPublic && !IsPage(type))
            .ToList();
        var needed = new HashSet<Type>(
            Product.TypesOf(Product.Web).Where(IsPage).SelectMany(InSignatures)
        );
        for (var last = 0; last != needed.Count; )
        {
            last = needed.Count;
            needed.UnionWith(needed.Where(shown.Contains).SelectMany(InSignatures).ToList());
        }

        Law.HasNoBreach(shown.Except(needed).Select(type => type.FullName));
    }

    private static bool IsPage(Type type) =>
        type.IsAssignableTo(typeof(IComponent)) || type.Name == "_Imports";

    /// <summary>Doors and ports, events, options, and what registers a room.</summary>
    private static bool IsShownByItself(Type type) =>
        type.IsInterface
        || type.IsSubclassOf(typeof(DomainEvent))
        || type.IsSubclassOf(typeof(Exception))
        || type.Name.EndsWith("Options", StringComparison.Ordinal)
        || type.Name.EndsWith("Events", StringComparison.Ordinal)
        || type.Name.EndsWith("Module", StringComparison.Ordinal);

    /// <summary>What a caller of the type holds in hand: parameters, answers and properties, and the cases of a closed set.</summary>
    private static IEnumerable<Type> InSignatures(Type type) =>
        type.GetMethods()
            .SelectMany(method =>
                method
                    .GetParameters()
                    .Select(parameter => parameter.ParameterType)
                    .Append(method.ReturnType)
            )
            .Concat(type.GetProperties().Select(property => property.PropertyType))
            .SelectMany(Parts)
            .Concat(type.Assembly.GetTypes().Where(other => type.IsClass && other.BaseType == type))
            .Append(type.BaseType ?? typeof(object))
            .Select(TypeUses.Outermost);

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts)
        : [type];
}
