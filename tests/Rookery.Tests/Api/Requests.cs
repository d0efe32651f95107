using System.Text;
using Microsoft.AspNetCore.Http;
using Rookery.Api;

namespace Rookery.Tests.Api;

/// <summary>Requests without a server, for the many cases of reading.</summary>
internal static class Requests
{
    public const string Form = "application/x-www-form-urlencoded";
    public const string Json = "application/json";

    public static RequestFields Query(string query) => RequestFields.OfQuery(Context(query));

    public static ValueTask<RequestFields> JsonAsync(string body) => ReadAsync(Json, body);

    public static ValueTask<RequestFields> FormAsync(string body) => ReadAsync(Form, body);

    public static ValueTask<RequestFields> ReadAsync(
        string? type,
        string body,
        string query = ""
    ) => ReadAsync(type, Encoding.UTF8.GetBytes(body), query);

    public static ValueTask<RequestFields> ReadAsync(string? type, byte[] body, string query = "")
    {
        var context = Context(query);
        context.Request.Method = "POST";
        context.Request.ContentType = type;
        context.Request.Body = new MemoryStream(body);
        return RequestFields.ReadAsync(context);
    }

    /// <summary>A body as a route with this limit reads it.</summary>
    public static ValueTask<RequestFields> ReadAsync(BodyLimit limit, byte[] body)
    {
        var context = Context("");
        context.Request.Method = "POST";
        context.Request.ContentType = Form;
        context.Request.Body = new MemoryStream(body);
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(limit), "one route"));
        return RequestFields.ReadAsync(context);
    }

    private static DefaultHttpContext Context(string query)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new(query);
        return context;
    }
}
