using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Rookery.Accounts;

/// <summary>An account that a file names. Nobody owns it until it is given a password.</summary>
public sealed record ImportedAccount(Handle Handle, DisplayName DisplayName)
{
    // Below it are the numbers that the names of people who signed up got.
    private const int SmallestDerived = 100_000;
    private const int Derived = 900_000_000;

    /// <summary>
    /// The name in the file is a handle itself: whoever is called so here is meant. Otherwise the handle only resembles the name, and 李 and 王
    /// resemble the same one.
    /// </summary>
    internal bool IsCalledSo =>
        DisplayName.Text.Equals(Handle.Shown, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The number behind the handle where the handle is another's. Made of the name, so that authors whose names resemble nothing at all (a script
    /// that is not Latin) find theirs at once, whichever file names them first.
    /// </summary>
    internal int FirstSuffix
    {
        get
        {
            if (IsCalledSo)
            {
                return 2;
            }

            var name = Encoding.UTF8.GetBytes(DisplayName.Text.ToLowerInvariant());
            var hash = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(name));
            return SmallestDerived + (int)(hash % Derived);
        }
    }

    /// <param name="author">As the file has it, whatever it is.</param>
    internal static ImportedAccount Of(string author)
    {
        var handle = Handle.Imported(author);
        var name = DisplayName.Parse(author, "name");
        return new ImportedAccount(handle, name.Succeeded ? name.Value : Marked(handle, author));
    }

    /// <summary>What cannot be shown as it is, too long or not one line, is told from others by a mark made of it.</summary>
    private static DisplayName Marked(Handle handle, string author)
    {
        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(author)))[..8];
        return DisplayName.Parse($"{handle.Shown} {mark}", "name").Value;
    }
}
