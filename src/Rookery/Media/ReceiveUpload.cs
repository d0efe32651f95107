using Microsoft.Extensions.Options;
using Rookery.Telemetry;

namespace Rookery.Media;

/// <summary>
/// Receives files onto the disk, so many at once and so large as is allowed: a slow uploader holds no memory. What the disk has no room for is refused
/// before it is read.
/// </summary>
internal sealed class ReceiveUpload(
    IncomingFolder folder,
    IOptions<MediaOptions> options,
    TelemetryEvents telemetry,
    TimeProvider time
) : IDisposable
{
    private readonly DiskGuard _disk = new(
        // What is not there has no room.
        Directory.CreateDirectory(folder.Path).FullName,
        options.Value.MinimumFreeBytes,
        time
    );

    private readonly SemaphoreSlim _places = new(options.Value.UploadsAtOnce);

    private readonly Lock _lock = new();

    /// <summary>How many places each account and each address has now.</summary>
    private readonly Dictionary<RateKey, int> _taken = [];

    /// <summary>A place to receive one body of the account's, sent from the address; a problem where there is none now.</summary>
    /// <param name="fields">The files in it; nothing: the one that is usual.</param>
    public Result<UploadPlace> Open(
        AccountId owner,
        RateKey address,
        params IReadOnlyList<string> fields
    )
    {
        if (_disk.IsLow())
        {
            return Problem.Unavailable(
                "The server's disk is nearly full, so nothing can be uploaded; try again when its operator has made room."
            );
        }

        var account = RateKey.OfAccount(owner);
        if (!TryTake(account, options.Value.UploadsAtOncePerAccount))
        {
            return RefuseNow(
                $"An account may upload {options.Value.UploadsAtOncePerAccount} files at the same time; try again when one of them is done."
            );
        }

        if (!TryTake(address, options.Value.UploadsAtOncePerAddress))
        {
            GiveBack(account);
            return RefuseNow(
                $"From one address {options.Value.UploadsAtOncePerAddress} files may be uploaded at the same time; try again when one of them is done."
            );
        }

        if (_places.Wait(0))
        {
            return new UploadPlace(
                folder,
                options.Value,
                fields.Count > 0 ? fields : [UploadPlace.UsualField],
                () =>
                {
                    _places.Release();
                    GiveBack(account);
                    GiveBack(address);
                }
            );
        }

        GiveBack(account);
        GiveBack(address);
        return Problem.Unavailable(
            "Too many files are being uploaded at this moment; try again shortly."
        );
    }

    public void Dispose() => _places.Dispose();

    private Problem RefuseNow(string detail)
    {
        telemetry.LimitRefused("uploads");
        return Problem.TooMany(detail, TimeSpan.FromSeconds(1));
    }

    private bool TryTake(RateKey whose, int most)
    {
        lock (_lock)
        {
            var taken = _taken.GetValueOrDefault(whose);
            if (taken >= most)
            {
                return false;
            }

            _taken[whose] = taken + 1;
            return true;
        }
    }

    private void GiveBack(RateKey whose)
    {
        lock (_lock)
        {
            if (--_taken[whose] == 0)
            {
                _taken.Remove(whose);
            }
        }
    }
}

/// <summary>The place of one body's upload: the files as they come, and what is kept of them.</summary>
/// <param name="fields">The names of the files that are taken.</param>
internal sealed class UploadPlace(
    IncomingFolder folder,
    MediaOptions limits,
    IReadOnlyList<string> fields,
    Action leave
) : IAsyncDisposable
{
    /// <summary>The field of a body that is one file.</summary>
    public const string UsualField = "file";

    private readonly List<IncomingFile> _files = [];
    private readonly Dictionary<string, IncomingFile> _received = [];

    /// <summary>Says of which of the files in the body it is.</summary>
    public static Problem Named(Problem problem, string field) =>
        problem.Field == UsualField
            ? problem with
            {
                Field = field,
                Detail = $"{field}{problem.Detail[UsualField.Length..]}",
            }
            : problem;

    public bool Takes(string field) => fields.Contains(field);

    /// <summary>Null where it was not received.</summary>
    public IncomingFile? Received(string field) => _received.GetValueOrDefault(field);

    /// <summary>Takes the file; a problem where it is too large, or the second one of its name.</summary>
    /// <exception cref="StoreUnavailableException">The disk takes nothing.</exception>
    public async Task<Problem?> ReceiveAsync(string field, Stream content, CancellationToken token)
    {
        if (_received.ContainsKey(field))
        {
            return Problem.Invalid(field, $"{field} is in the body twice; it must be one file.");
        }

        var file = NewFile();
        _received.Add(field, file);
        if (await file.FillAsync(content, limits, token))
        {
            return null;
        }

        var maxBytes = limits.MaxBytesOf(file.Head);
        return new Problem(
            ProblemKind.TooLarge,
            $"{field} is too large; it may have at most {maxBytes} bytes ({maxBytes / 1024} kB).",
            field
        );
    }

    public IncomingFile NewFile()
    {
        try
        {
            var file = IncomingFile.Create(folder);
            _files.Add(file);
            return file;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw IncomingFile.Unavailable(fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var file in _files)
        {
            await file.DisposeAsync();
        }

        leave();
    }
}
