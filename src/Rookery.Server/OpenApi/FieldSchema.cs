using System.Globalization;
using Microsoft.OpenApi;
using Rookery.Api;

namespace Rookery.Server.OpenApi;

/// <summary>What a field's value may be, as JSON Schema.</summary>
internal static class FieldSchema
{
    public static IOpenApiSchema Of(FieldDoc field) =>
        field.Type switch
        {
            FieldType.Id => Id(field.Description),
            FieldType.Ids => Several(field, Id(null)),
            FieldType.Names => Several(field, new() { Type = JsonSchemaType.String }),
            FieldType.Integer => new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Description = field.Description,
                Minimum = field.Min?.ToString(CultureInfo.InvariantCulture),
                Maximum = field.Max?.ToString(CultureInfo.InvariantCulture),
            },
            FieldType.Flag => new OpenApiSchema
            {
                Type = JsonSchemaType.Boolean,
                Description = field.Description,
            },
            FieldType.File => new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Format = "binary",
                Description = field.Description,
            },
            _ => new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = field.Description,
                MinLength = (int?)field.Min,
                MaxLength = (int?)field.Max,
            },
        };

    private static OpenApiSchema Id(string? description) =>
        new()
        {
            Type = JsonSchemaType.Integer | JsonSchemaType.String,
            Format = "int64",
            Pattern = "^[0-9]{1,19}$",
            Minimum = "1",
            Description = description,
        };

    private static OpenApiSchema Several(FieldDoc field, OpenApiSchema one) =>
        new()
        {
            Description = field.Description,
            AnyOf =
            [
                one,
                new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "Several with commas.",
                },
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = one,
                    MaxItems = (int?)field.Max,
                },
            ],
        };
}
