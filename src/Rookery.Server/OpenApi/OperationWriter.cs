using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Rookery.Api;

namespace Rookery.Server.OpenApi;

/// <summary>One operation from one <see cref="RouteDoc"/>.</summary>
internal static class OperationWriter
{
    private static readonly string[] _bodyKinds =
    [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ];

    public static OpenApiOperation Write(OpenApiDocument document, string path, RouteDoc doc)
    {
        var operation = new OpenApiOperation
        {
            Summary = doc.Summary,
            Description = LimitOf(doc) is { } limit ? $"Counted as {limit}." : null,
            Security = SharedParts.SecurityOf(document, doc.Auth),
            Parameters = [.. doc.Fields.Where(IsParameter).Select(ParameterOf)],
            RequestBody = BodyOf([.. doc.Fields.Where(IsInBody)]),
            Responses = [],
        };
        if (doc.Tag is { } tag)
        {
            document.Tags ??= new HashSet<OpenApiTag>();
            if (document.Tags.All(known => known.Name != tag))
            {
                document.Tags.Add(new() { Name = tag });
            }

            operation.Tags = new HashSet<OpenApiTagReference> { new(tag, document) };
        }

        AddAnswers(document, path, doc, operation.Responses);
        return operation;
    }

    private static string? LimitOf(RouteDoc doc) =>
        doc.Limit switch
        {
            null or RouteLimit.None => null,
            RouteLimit.SignUps => "a sign-up",
            RouteLimit.LogIns => "a log-in",
            RouteLimit.Searches => "a search",
            RouteLimit.Passwords => "a try of the password",
            RouteLimit.Writes => "a write",
            _ => "a read",
        };

    private static bool IsParameter(FieldDoc field) => field.Place != FieldPlace.Body;

    private static bool IsInBody(FieldDoc field) =>
        field.Place is FieldPlace.Body or FieldPlace.BodyOrQuery;

    private static IOpenApiParameter ParameterOf(FieldDoc field) =>
        new OpenApiParameter
        {
            Name = field.Name,
            In = field.Place == FieldPlace.Path ? ParameterLocation.Path : ParameterLocation.Query,
            Description = field.Description,
            // A field that may stand in the body instead cannot be required here.
            Required = field.Required && field.Place != FieldPlace.BodyOrQuery,
            Schema = FieldSchema.Of(field),
        };

    private static OpenApiRequestBody? BodyOf(FieldDoc[] fields)
    {
        if (fields.Length == 0)
        {
            return null;
        }

        var isNeeded = fields.Any(field => field.Required && field.Place == FieldPlace.Body);
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = fields.ToDictionary(field => field.Name, FieldSchema.Of),
            Required = isNeeded
                ? fields.Where(field => field.Required).Select(field => field.Name).ToHashSet()
                : null,
        };
        var hasFile = fields.Any(field => field.Type == FieldType.File);
        var kinds = hasFile ? _bodyKinds[2..] : _bodyKinds;
        return new()
        {
            Required = isNeeded,
            Content = kinds.ToDictionary(
                kind => kind,
                _ => new OpenApiMediaType { Schema = schema }
            ),
        };
    }

    private static void AddAnswers(
        OpenApiDocument document,
        string path,
        RouteDoc doc,
        OpenApiResponses responses
    )
    {
        foreach (var answer in doc.Answers)
        {
            responses[Text(answer.Status)] = AnswerOf(answer);
        }

        var isClient = path.StartsWith("/api/", StringComparison.Ordinal);
        foreach (var (status, why) in Refusals(doc))
        {
            responses.TryAdd(status, SharedParts.Refusal(document, isClient, why));
        }
    }

    private static IEnumerable<(string Status, string Why)> Refusals(RouteDoc doc)
    {
        if (doc.Fields.Count > 0)
        {
            yield return (
                Text(doc.InvalidStatus),
                "A field is missing, ill-typed, too long or out of range."
            );
        }

        if (doc.Auth != AuthKind.None)
        {
            yield return ("401", "No token or key where one is needed, or one that is not valid.");
        }

        if (LimitOf(doc) is not null)
        {
            yield return ("429", "The limit is used up; Retry-After says for how long.");
        }

        yield return ("default", "Any other refusal.");
    }

    private static OpenApiResponse AnswerOf(AnswerDoc answer) =>
        new()
        {
            Description = answer.Description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [answer.ContentType] = new()
                {
                    Example = answer.Example is { } example ? JsonNode.Parse(example) : null,
                },
            },
        };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
