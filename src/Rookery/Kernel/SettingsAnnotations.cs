using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Rookery.Kernel;

/// <summary>Has a section of the settings checked by the annotations of its options, in words that an operator finds in his own file.</summary>
internal static class SettingsAnnotations
{
    /// <param name="section">As it is bound.</param>
    public static OptionsBuilder<T> ValidateAnnotations<T>(
        this OptionsBuilder<T> options,
        string section
    )
        where T : class
    {
        options.Services.AddSingleton<IValidateOptions<T>>(new Annotated<T>(section));
        return options;
    }

    private sealed class Annotated<T>(string section) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var wrong = typeof(T)
                .GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .SelectMany(setting => WrongIn(options, setting))
                .ToList();
            // What compares settings expects each to be right by itself.
            if (wrong.Count == 0 && options is IValidatableObject whole)
            {
                wrong.AddRange(
                    whole
                        .Validate(new ValidationContext(options))
                        .Select(result => result.ErrorMessage ?? $"{section} is not right.")
                );
            }

            return wrong.Count == 0
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(wrong);
        }

        private IEnumerable<string> WrongIn(T options, PropertyInfo setting)
        {
            var value = setting.GetValue(options);
            var context = new ValidationContext(options) { MemberName = setting.Name };
            foreach (var rule in setting.GetCustomAttributes<ValidationAttribute>())
            {
                if (rule.GetValidationResult(value, context) is { } result)
                {
                    yield return $"{section}:{setting.Name} {InWords(rule, value, result)}.";
                }
            }
        }

        private static string InWords(
            ValidationAttribute rule,
            object? value,
            ValidationResult result
        ) =>
            rule switch
            {
                RangeAttribute range => string.Create(
                    CultureInfo.InvariantCulture,
                    $"is {value}; it must be from {range.Minimum} to {range.Maximum}"
                ),
                RequiredAttribute => "is empty; it must say something",
                StringLengthAttribute text =>
                    $"has {(value as string)?.Length} characters; it may have {text.MaximumLength}",
                RegularExpressionAttribute form =>
                    $"is \"{value}\"; it must be like {form.Pattern}",
                _ => $"is not right: {result.ErrorMessage?.TrimEnd('.')}",
            };
    }
}
