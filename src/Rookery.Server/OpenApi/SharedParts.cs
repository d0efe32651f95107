using Microsoft.OpenApi;
using Rookery.Api;

namespace Rookery.Server.OpenApi;

/// <summary>What operations refer to by name: the two ways to prove who calls, and the shapes of a problem.</summary>
internal static class SharedParts
{
    private const string TokenScheme = "token";
    private const string ServiceKeyScheme = "serviceKey";
    private const string ServiceProblem = "Problem";
    private const string ClientProblem = "ClientProblem";

    public static void AddTo(OpenApiDocument document)
    {
        document.AddComponent<IOpenApiSecurityScheme>(
            TokenScheme,
            Bearer(
                "A user's token, as sign-up and log-in return it; also accepted in the field auth_token."
            )
        );
        document.AddComponent<IOpenApiSecurityScheme>(
            ServiceKeyScheme,
            Bearer(
                "The service key of a trusted backend: the setting Service:Key, or the file service.key in the data folder."
            )
        );
        document.AddComponent<IOpenApiSchema>(
            ServiceProblem,
            Shape("type", "title", "status", "detail")
        );
        document.AddComponent<IOpenApiSchema>(ClientProblem, Shape("error"));
    }

    public static List<OpenApiSecurityRequirement> SecurityOf(
        OpenApiDocument document,
        AuthKind auth
    ) =>
        auth switch
        {
            AuthKind.Token => [Requirement(document, TokenScheme)],
            AuthKind.ServiceKey => [Requirement(document, ServiceKeyScheme)],
            // An empty requirement is how OpenAPI says "or nothing".
            AuthKind.OptionalToken => [Requirement(document, TokenScheme), []],
            _ => [],
        };

    public static OpenApiResponse Refusal(OpenApiDocument document, bool isClient, string why) =>
        new()
        {
            Description = why,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [isClient ? "application/json" : ProblemResponses.ContentType] = new()
                {
                    Schema = new OpenApiSchemaReference(
                        isClient ? ClientProblem : ServiceProblem,
                        document
                    ),
                },
            },
        };

    private static OpenApiSecurityScheme Bearer(string description) =>
        new()
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = description,
        };

    private static OpenApiSecurityRequirement Requirement(
        OpenApiDocument document,
        string scheme
    ) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };

    private static OpenApiSchema Shape(params string[] required)
    {
        var properties = new Dictionary<string, IOpenApiSchema>();
        foreach (var name in required.Append("field").Append("trace_id"))
        {
            properties[name] = new OpenApiSchema
            {
                Type = name == "status" ? JsonSchemaType.Integer : JsonSchemaType.String,
            };
        }

        return new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string>(required),
            Properties = properties,
        };
    }
}
