using System.Text;

namespace Rookery.Load;

/// <summary>Requests as bytes, made before they are measured.</summary>
internal static class Requests
{
    public static byte[] Get(string path, string? bearer = null) =>
        Encoding.UTF8.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: rookery\r\n{Authorization(bearer)}\r\n"
        );

    /// <summary>As a browser asks that has a session.</summary>
    public static byte[] Page(string path, string session) =>
        Encoding.UTF8.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: rookery\r\nAccept: text/html\r\nCookie: rookery={session}\r\n\r\n"
        );

    /// <summary>Opens a WebSocket.</summary>
    public static byte[] Socket(string path, string bearer) =>
        Encoding.UTF8.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: rookery\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{Authorization(bearer)}\r\n"
        );

    public static byte[] Post(string path, string json, string? bearer = null) =>
        Encoding.UTF8.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: rookery\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n{Authorization(bearer)}\r\n{json}"
        );

    private static string Authorization(string? bearer) =>
        bearer is null ? "" : $"Authorization: Bearer {bearer}\r\n";
}
