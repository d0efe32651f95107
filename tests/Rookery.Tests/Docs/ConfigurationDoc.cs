using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Rookery.Accounts;
using Rookery.Adapters.Sql;
using Rookery.Server.Composition;
using Rookery.Web;
using Xunit;

namespace Rookery.Tests.Docs;

/// <summary>Writes docs/configuration.md from the options classes: their sections, defaults, ranges and XML docs.</summary>
internal static partial class ConfigurationDoc
{
    private const string Head = """
        # Configuration

        Made from the options classes by `WRITE_DOCS=1 ./test.sh fast`; do not edit it by hand.

        A setting stands in `appsettings.json` in the folder where the server is started (`{"Accounts": {"PasswordRounds": 300000}}`)
        or in the environment, which wins, with `__` for `:` (`Accounts__PasswordRounds=300000`). Both are read at the start only. A value outside its range stops the start
        with a message that names it. Sizes are in bytes.

        Beside the options below there are:

        | setting | environment | default | meaning |
        |---|---|---|---|
        | `Urls` | `Urls` | `http://127.0.0.1:8080` | Addresses to listen on, with `;` between several. The option `--urls` wins over it. |
        | `Service:Key` | `Service__Key` | the content of `service.key` in the data folder | The key of the service API. |
        | `Logging:LogLevel:Default` | `Logging__LogLevel__Default` | `Information` | The least level that is logged: `Trace`, `Debug`, `Information`, `Warning`, `Error`, `Critical` or `None`. |

        """;

    public static string Write()
    {
        var text = new StringBuilder(Head);
        foreach (var options in OptionsTypes().OrderBy(SectionOf, StringComparer.Ordinal))
        {
            WriteSection(text, options);
        }

        return text.ToString();
    }

    public static IEnumerable<Type> OptionsTypes() =>
        new[] { typeof(AccountsOptions), typeof(SqlOptions), typeof(Stores), typeof(WebModule) }
            .Select(type => type.Assembly)
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
            .Where(type => type.GetField("Section") is not null);

    public static string SectionOf(Type options) =>
        (string)options.GetField("Section")!.GetRawConstantValue()!;

    private static void WriteSection(StringBuilder text, Type options)
    {
        var section = SectionOf(options);
        var defaults = Activator.CreateInstance(options)!;
        text.Append(CultureInfo.InvariantCulture, $"\n## {section}\n\n{DocOf(options)}\n\n");
        text.Append("| setting | environment | type | default | range | meaning |\n");
        text.Append("|---|---|---|---|---|---|\n");
        foreach (var setting in options.GetProperties())
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{section}:{setting.Name}` | `{section.Replace(":", "__", StringComparison.Ordinal)}__{setting.Name}` | {TypeOf(setting)} | {Shown(setting, setting.GetValue(defaults)!)} | {RangeOf(setting)} | {DocOf(setting)} |\n"
            );
        }
    }

    private static string TypeOf(PropertyInfo setting) =>
        setting.PropertyType == typeof(int) || setting.PropertyType == typeof(long) ? "integer"
        : setting.PropertyType == typeof(bool) ? "true or false"
        : "text";

    private static string RangeOf(PropertyInfo setting)
    {
        if (setting.GetCustomAttribute<RangeAttribute>() is not { } range)
        {
            return "";
        }

        var highest = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
        return highest >= int.MaxValue && (highest >= long.MaxValue || range.Maximum is int)
            ? $"from {Shown(setting, range.Minimum)}"
            : $"{Shown(setting, range.Minimum)} to {Shown(setting, range.Maximum)}";
    }

    private static string Shown(PropertyInfo setting, object value)
    {
        if (value is not (int or long or double))
        {
            return $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`";
        }

        var number = Convert.ToInt64(value, CultureInfo.InvariantCulture);
        var size = setting.Name.EndsWith("Bytes", StringComparison.Ordinal)
            ? number switch
            {
                >= 1L << 30 when number % (1L << 30) == 0 => $" ({number >> 30} GiB)",
                >= 1L << 20 when number % (1L << 20) == 0 => $" ({number >> 20} MiB)",
                _ => "",
            }
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{number}{size}");
    }

    private static string DocOf(MemberInfo member)
    {
        var name = member is Type type
            ? $"T:{type.FullName}"
            : $"P:{member.DeclaringType!.FullName}.{member.Name}";
        var file = Path.ChangeExtension(member.Module.Assembly.Location, ".xml");
        var docs = XDocument.Load(file).Descendants("member");
        var doc = docs.FirstOrDefault(doc => (string?)doc.Attribute("name") == name);
        Assert.True(doc is not null, $"{name} has no XML documentation; say what it means.");
        return Blanks().Replace(doc.Value.Trim(), " ");
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
