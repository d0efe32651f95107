using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rookery.Media;

internal sealed class BlobNameJson : JsonConverter<BlobName>
{
    public override BlobName Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) =>
        BlobName.ParseStored(reader.GetString())
        ?? throw new JsonException(
            "A blob's name must be 32 hexadecimal digits, a dot and a kind."
        );

    public override void Write(
        Utf8JsonWriter writer,
        BlobName value,
        JsonSerializerOptions options
    ) => writer.WriteStringValue(value.ToString());
}
