using System.Security.Cryptography;
using System.Text;

namespace Rookery.Server.Composition;

/// <summary>The key of trusted backends: the setting <c>Service:Key</c>, or one made at the first start and kept beside the data.</summary>
internal static class ServiceKeyFile
{
    /// <summary>Whoever has it may do everything: no key that can be guessed, and none that an accident emptied.</summary>
    private const int ShortestKey = 16;

    /// <exception cref="StoreUnavailableException">The key is too short; the message says where it stands.</exception>
    public static string ReadOrMake(string? setting, string path) =>
        setting is not null
            ? Checked(setting, "the setting Service:Key")
            : Checked(ReadOrMake(path), path);

    private static string Checked(string key, string place) =>
        key.Length >= ShortestKey
            ? key
            : throw new StoreUnavailableException(
                $"The service key in {place} has {key.Length} characters; it needs {ShortestKey} or more. Without a setting and a file the server makes one."
            );

    private static string ReadOrMake(string path)
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
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(key + "\n"));
        file.Flush(flushToDisk: true);
        return key;
    }
}
