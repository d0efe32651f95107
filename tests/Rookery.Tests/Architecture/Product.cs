using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.Server.Composition;
using Rookery.Web;
using Rookery.Wire;

namespace Rookery.Tests.Architecture;

/// <summary>The assemblies of the product, and where in them a type stands.</summary>
internal static partial class Product
{
    public const string Kernel = "Kernel";
    public const string Api = "Api";

    public static Assembly Rooms { get; } = typeof(IAccounts).Assembly;

    public static Assembly Adapters { get; } = typeof(SqlDatabase).Assembly;

    public static Assembly Wire { get; } = typeof(WireException).Assembly;

    public static Assembly Server { get; } = typeof(Stores).Assembly;

    public static Assembly Web { get; } = typeof(WebModule).Assembly;

    /// <summary>Types that somebody wrote, without those that the compiler made for them.</summary>
    public static IEnumerable<Type> TypesOf(Assembly assembly) =>
        assembly
            .GetTypes()
            .Where(type => type.Namespace?.StartsWith("Rookery", StringComparison.Ordinal) == true)
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            .Where(type => !type.Name.Contains('<', StringComparison.Ordinal));

    /// <summary><c>Posts</c> for <c>Rookery.Posts.AcceptPost</c>; null for what is not in a room.</summary>
    public static string? RoomOf(Type type) =>
        type.Assembly == Rooms ? SegmentOf(type, "Rookery.") : null;

    /// <summary><c>Sql</c> for <c>Rookery.Adapters.Sql.SqlDatabase</c>; null for what is no adapter.</summary>
    public static string? AdapterFolderOf(Type type) =>
        type.Assembly == Adapters ? SegmentOf(type, "Rookery.Adapters.") : null;

    public static bool IsStore(Type type) =>
        type.IsInterface && StoreName().IsMatch(type.Name) && RoomOf(type) is not null;

    private static string? SegmentOf(Type type, string prefix) =>
        type.Namespace?.StartsWith(prefix, StringComparison.Ordinal) == true
            ? type.Namespace[prefix.Length..].Split('.')[0]
            : null;

    [GeneratedRegex("^I[A-Z][A-Za-z]*Store$")]
    private static partial Regex StoreName();
}
