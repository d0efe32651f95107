using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Xunit;

namespace Rookery.Tests.Docs;

public sealed class ConfigurationDocTests
{
    private const string File = "docs/configuration.md";

    [Fact]
    public void Configuration_page_says_what_the_options_classes_say()
    {
        var right = ConfigurationDoc.Write();
        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1")
        {
            System.IO.File.WriteAllText(SourceTree.PathOf(File), right);
        }

        Assert.True(
            SourceTree.Has(File) && SourceTree.Read(File) == right,
            $"{File} differs from the options classes; write it anew with: WRITE_DOCS=1 ./test.sh fast"
        );
    }

    [Fact]
    public void Every_number_among_the_options_has_a_range_that_holds_its_default()
    {
        foreach (var options in ConfigurationDoc.OptionsTypes())
        {
            var defaults = Activator.CreateInstance(options)!;
            foreach (
                var setting in options
                    .GetProperties()
                    .Where(setting => setting.PropertyType.IsPrimitive)
                    .Where(setting => setting.PropertyType != typeof(bool))
            )
            {
                var range = setting.GetCustomAttribute<RangeAttribute>();
                Assert.True(
                    range is not null && range.IsValid(setting.GetValue(defaults)),
                    $"{options.Name}.{setting.Name} needs a range that holds its default."
                );
            }
        }
    }
}
