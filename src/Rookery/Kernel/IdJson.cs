using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rookery.Kernel;

internal sealed class AccountIdJson : JsonConverter<AccountId>
{
    public override AccountId Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => new(reader.GetInt64());

    public override void Write(
        Utf8JsonWriter writer,
        AccountId value,
        JsonSerializerOptions options
    ) => writer.WriteNumberValue(value.Value);
}

internal sealed class PostIdJson : JsonConverter<PostId>
{
    public override PostId Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => new(reader.GetInt64());

    public override void Write(
        Utf8JsonWriter writer,
        PostId value,
        JsonSerializerOptions options
    ) => writer.WriteNumberValue(value.Value);
}

internal sealed class MediaIdJson : JsonConverter<MediaId>
{
    public override MediaId Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => new(reader.GetInt64());

    public override void Write(
        Utf8JsonWriter writer,
        MediaId value,
        JsonSerializerOptions options
    ) => writer.WriteNumberValue(value.Value);
}

internal sealed class NotificationIdJson : JsonConverter<NotificationId>
{
    public override NotificationId Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => new(reader.GetInt64());

    public override void Write(
        Utf8JsonWriter writer,
        NotificationId value,
        JsonSerializerOptions options
    ) => writer.WriteNumberValue(value.Value);
}

internal sealed class ReportIdJson : JsonConverter<ReportId>
{
    public override ReportId Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => new(reader.GetInt64());

    public override void Write(
        Utf8JsonWriter writer,
        ReportId value,
        JsonSerializerOptions options
    ) => writer.WriteNumberValue(value.Value);
}
