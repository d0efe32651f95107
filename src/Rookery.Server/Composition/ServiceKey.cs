using System.Security.Cryptography;
using System.Text;

namespace Rookery.Server.Composition;

/// <summary>The key of trusted backends: the setting <c>Service:Key</c>, or one made at the first start and kept beside the data.</summary>
internal static class ServiceKeyFile
{
    public static string ReadOrMake(string path)
    {
        if (File.Exists(path))
        {
            return File.ReadAllText(path).Trim();
        }

        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(key + "\n"));
        file.Flush(flushToDisk: true);
        return key;
    }
}
