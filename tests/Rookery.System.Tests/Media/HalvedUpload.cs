using System.Net;
using System.Net.Http.Headers;

namespace Rookery.SystemTests.Media;

/// <summary>An upload whose second half is sent when the test says so.</summary>
internal sealed class HalvedUpload : HttpContent
{
    private readonly byte[] _body;
    private readonly TaskCompletionSource _half = Signal();
    private readonly TaskCompletionSource _rest = Signal();

    public HalvedUpload(byte[] file)
    {
        const string Boundary = "half";
        using var body = new MultipartFormDataContent(Boundary);
        body.Add(new ByteArrayContent(file), "file", "picture");
        using var bytes = new MemoryStream();
        body.CopyTo(bytes, null, CancellationToken.None);
        _body = bytes.ToArray();
        Headers.ContentType = MediaTypeHeaderValue.Parse(
            $"multipart/form-data; boundary={Boundary}"
        );
    }

    public Task HalfSent => _half.Task;

    public HttpRequestMessage To(string token) =>
        new(HttpMethod.Post, "/api/v2/media")
        {
            Content = this,
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };

    public void SendTheRest() => _rest.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var half = _body.Length / 2;
        await stream.WriteAsync(_body.AsMemory(..half));
        await stream.FlushAsync();
        _half.TrySetResult();
        await _rest.Task;
        await stream.WriteAsync(_body.AsMemory(half..));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }

    private static TaskCompletionSource Signal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
