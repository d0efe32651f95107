using System.Security.Cryptography;
using System.Text;

namespace Rookery.Server.Composition;

/// <summary>The key of trusted backends: the setting <c>Service:Key</c>, or one made at the first start and kept beside the data.</summary>
internal static class ServiceKeyFile
{
    /// <summary>Whoever has it may do everything: no key that can be guessed, and none that an accident emptied.</summary>
    private const int ShortestKey = 16;

    /// <exception cref="StoreUnavailableException">The key cannot be one; the message says where it stands and what is wrong.</exception>
    public static string ReadOrMake(string? setting, string path) =>
        setting is not null
            ? Checked(setting, "the setting Service:Key")
            : Checked(ReadOrMake(path), path);

    private static string Checked(string key, string place)
    {
        if (key.Length < ShortestKey)
        {
            throw Wrong(place, $"has {key.Length} characters; it needs {ShortestKey} or more");
        }

        // It is sent in a header.
        if (key.AsSpan().IndexOfAnyExceptInRange(' ', '~') is var at and >= 0)
        {
            var what = key[at] switch
            {
                '\n' or '\r' => "a line break",
                < ' ' or '\x7f' => "a control character",
                _ => "one that is not ASCII",
            };
            throw Wrong(
                place,
                $"has {what} as its character {at + 1} of {key.Length}; letters, digits, signs and spaces of ASCII can be sent"
            );
        }

        return key[0] == ' ' || key[^1] == ' '
            ? throw Wrong(place, "begins or ends with a space, which would not be sent")
            : key;
    }

    private static StoreUnavailableException Wrong(string place, string what) =>
        new(
            $"The service key in {place} {what}. Without a setting and a file the server makes one."
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
