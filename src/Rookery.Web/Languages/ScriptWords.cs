using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rookery.Web.Languages;

/// <summary>What the script of the pages says, as the object that it has it in: texts by name, and of those with forms for numbers an object of its forms.</summary>
internal static class ScriptWords
{
    /// <summary>Letters stand as they are: the script is a file of its own, in UTF-8, and in no page.</summary>
    private static readonly JsonWriterOptions AsItIs = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(Words say)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, AsItIs))
        {
            json.WriteStartObject();
            foreach (var forms in say.ForScript().GroupBy(one => one.Key.Split('.')[0]))
            {
                Write(json, forms.Key, [.. forms]);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static void Write(
        Utf8JsonWriter json,
        string name,
        KeyValuePair<string, string>[] forms
    )
    {
        if (forms is [var only] && only.Key == name)
        {
            json.WriteString(name, only.Value);
            return;
        }

        json.WriteStartObject(name);
        foreach (var form in forms)
        {
            json.WriteString(form.Key[(name.Length + 1)..], form.Value);
        }

        json.WriteEndObject();
    }
}
