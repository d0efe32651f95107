using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rookery.Mail;

/// <summary>How the parameters of a mail stand on the disk: as a JSON object of texts.</summary>
internal static class MailParameters
{
    public const string None = "{}";

    public static string Write(IReadOnlyDictionary<string, string> parameters) =>
        JsonSerializer.Serialize(
            new Dictionary<string, string>(parameters),
            MailJson.Default.DictionaryStringString
        );

    public static IReadOnlyDictionary<string, string> Read(string json) =>
        JsonSerializer.Deserialize(json, MailJson.Default.DictionaryStringString)!;
}

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class MailJson : JsonSerializerContext;
