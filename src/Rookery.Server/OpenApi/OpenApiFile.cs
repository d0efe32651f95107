using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Rookery.Api;

namespace Rookery.Server.OpenApi;

/// <summary>The document as bytes. Routes do not change while the program runs, so it is made once, when first asked for.</summary>
internal sealed class OpenApiFile
{
    private readonly Lazy<Task<byte[]>> _bytes;

    public OpenApiFile(
        [FromKeyedServices(OpenApiModule.DocumentName)] IOpenApiDocumentProvider documents
    )
    {
        _bytes = new(() => RenderAsync(documents));
    }

    public async Task<Problem?> AnswerAsync(HttpContext context)
    {
        await JsonAnswer.SendAsync(
            context,
            StatusCodes.Status200OK,
            JsonAnswer.ContentType,
            await _bytes.Value
        );
        return null;
    }

    private static async Task<byte[]> RenderAsync(IOpenApiDocumentProvider documents)
    {
        var document = await documents.GetOpenApiDocumentAsync();
        using var stream = new MemoryStream();
        await document.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1);
        return stream.ToArray();
    }
}
