namespace Rookery.Kernel;

/// <summary>Says no to writes while the disk is nearly full, so that nothing meets a full one in the middle of a page.</summary>
internal sealed class DiskGuard(string path, long minimumFreeBytes, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly DriveInfo _drive = new(Path.GetFullPath(path));
    private readonly Lock _checking = new();
    private long _checkedAt;
    private bool _low;

    /// <summary>Asks the system once per second while all is well, each time while it is not.</summary>
    public bool IsLow()
    {
        lock (_checking)
        {
            if (_low || _checkedAt == 0 || time.GetElapsedTime(_checkedAt) > Interval)
            {
                _checkedAt = time.GetTimestamp();
                _low = minimumFreeBytes > 0 && FreeBytes() < minimumFreeBytes;
            }

            return _low;
        }
    }

    /// <summary>Makes the next question go to the system: within a second a disk can fill.</summary>
    public void LookAgain()
    {
        lock (_checking)
        {
            _checkedAt = 0;
        }
    }

    /// <summary>What writers are answered.</summary>
    public static StoreUnavailableException Full(Exception? fault) =>
        new("The disk is full.", fault!)
        {
            Told =
                "The server's disk is full, so nothing was stored; reading goes on. Try again when its operator has made room.",
        };

    private long FreeBytes()
    {
        try
        {
            return _drive.AvailableFreeSpace;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A disk that does not answer has no room.
            return 0;
        }
    }
}
