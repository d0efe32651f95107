using System.Runtime.InteropServices;
using SQLitePCL;

namespace Rookery.Adapters.Sql;

/// <summary>
/// The system's SQLite instead of a bundled one: the bundle that fits the driver is years old and has known holes.
/// </summary>
internal static class SystemSqlite
{
    /// <summary>STRICT tables came with 3.37.</summary>
    private static readonly Version Oldest = new(3, 37, 0);

    private const string Name = "libsqlite3.so.0";

    private static readonly Lazy<Version> Loaded = new(Load);

    /// <summary>Loads the library once per process and answers its version.</summary>
    /// <exception cref="StoreUnavailableException">There is none, or it is too old; the message names the package.</exception>
    public static Version Use() => Loaded.Value;

    private static Version Load()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            static (name, _, _) => name == "e_sqlite3" ? Find() : IntPtr.Zero
        );
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();
        var version = Version.Parse(raw.sqlite3_libversion().utf8_to_string());
        return version >= Oldest
            ? version
            : throw new StoreUnavailableException(
                $"SQLite {version} is too old; Rookery needs {Oldest} or later (Debian package libsqlite3-0)."
            );
    }

    private static IntPtr Find()
    {
        return NativeLibrary.TryLoad(Name, out var handle)
            ? handle
            : throw new StoreUnavailableException(
                "No SQLite library was found; install it first (Debian: apt-get install libsqlite3-0)."
            );
    }
}
