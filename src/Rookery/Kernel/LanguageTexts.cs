using System.Collections.Frozen;
using System.Reflection;
using System.Resources;

namespace Rookery.Kernel;

/// <summary>The texts that stand in the program in one language. What it lacks is said in English.</summary>
internal sealed class LanguageTexts
{
    private const string Compiled = ".resources";

    private LanguageTexts(string code, FrozenDictionary<string, string> all) =>
        (Code, All) = (code, all);

    /// <summary>As BCP 47 and files have it: <c>de</c>, <c>pt-BR</c>.</summary>
    public string Code { get; }

    public FrozenDictionary<string, string> All { get; }

    /// <summary>Those of the file NAME.resx, in English, and then those of each NAME.xx.resx beside it.</summary>
    public static IEnumerable<LanguageTexts> Of(Assembly program, string name)
    {
        var english = Read(program, name + Compiled).ToFrozenDictionary();
        yield return new LanguageTexts("en", english);
        foreach (var file in program.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (
                file.StartsWith(name + ".", StringComparison.Ordinal)
                && file.EndsWith(Compiled, StringComparison.Ordinal)
                && file != name + Compiled
            )
            {
                var own = Read(program, file);
                yield return new LanguageTexts(
                    file[(name.Length + 1)..^Compiled.Length],
                    english.ToFrozenDictionary(
                        text => text.Key,
                        text => own.GetValueOrDefault(text.Key, text.Value)
                    )
                );
            }
        }
    }

    private static Dictionary<string, string> Read(Assembly program, string file)
    {
        using var stream =
            program.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"{file} is not in the program.");
        using var reader = new ResourceReader(stream);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var each = reader.GetEnumerator(); each.MoveNext(); )
        {
            texts.Add((string)each.Key, (string)each.Value!);
        }

        return texts;
    }
}
