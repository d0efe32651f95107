using Rookery.Media;

namespace Rookery.Adapters.Disk;

/// <summary>
/// Blobs as files of one folder, in 256 folders by their first two digits. A put writes a temporary file beside them, which takes the blob's name when
/// all of it is on the disk.
/// </summary>
internal sealed class DiskBlobStore(DiskBlobFolder folder) : IBlobStore
{
    private const int BufferBytes = 128 * 1024;

    private const UnixFileMode OwnersFolder =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public async Task PutAsync(
        BlobName name,
        Stream content,
        long length,
        string contentType,
        CancellationToken token
    )
    {
        var path = PathOf(name);
        // Another writer of the same name has a file of its own; what a crash leaves is not a blob's name.
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            var parent = Path.GetDirectoryName(path)!;
            Directory.CreateDirectory(parent, OwnersFolder);
            await WriteAsync(temporary, new ExactContent(content, length), length, token);
            File.Move(temporary, path, overwrite: true);
            // A name is on the disk when its folder is.
            FolderFlush.Run(parent);
            // Whoever made that one may not have flushed its own name yet; where nothing is new, this costs next to nothing.
            FolderFlush.Run(folder.Path);
        }
        catch (Exception fault) when (IsDisks(fault))
        {
            throw Unavailable(fault);
        }
        finally
        {
            Discard(temporary);
        }
    }

    public Task<BlobPart?> OpenAsync(BlobName name, BlobRange? range, CancellationToken token)
    {
        try
        {
            var file = new FileStream(
                PathOf(name),
                new FileStreamOptions
                {
                    Share = FileShare.ReadWrite | FileShare.Delete,
                    Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                    BufferSize = 0,
                }
            );
            var (offset, length) = (range ?? new BlobRange(0, null)).In(file.Length);
            file.Position = offset;
            return Task.FromResult<BlobPart?>(new BlobPart(file, offset, length, file.Length));
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<BlobPart?>(null);
        }
        catch (Exception fault) when (IsDisks(fault))
        {
            throw Unavailable(fault);
        }
    }

    public ValueTask<Uri?> AddressOfAsync(
        BlobName name,
        TimeSpan lifetime,
        CancellationToken token
    ) => ValueTask.FromResult<Uri?>(null);

    public Task DeleteAsync(BlobName name, CancellationToken token)
    {
        try
        {
            File.Delete(PathOf(name));
            return Task.CompletedTask;
        }
        catch (DirectoryNotFoundException)
        {
            return Task.CompletedTask;
        }
        catch (Exception fault) when (IsDisks(fault))
        {
            throw Unavailable(fault);
        }
    }

    private string PathOf(BlobName name)
    {
        var text = name.ToString();
        return Path.Combine(folder.Path, text[..2], text);
    }

    private static async Task WriteAsync(
        string path,
        ExactContent content,
        long length,
        CancellationToken token
    )
    {
        await using var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.None,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
                UnixCreateMode = OwnersFile,
                // Room for all of it, or a full disk is met now.
                PreallocationSize = length,
            }
        );
        await content.CopyToAsync(file, BufferBytes, token);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Where that is not possible either, the fault before it says why.</summary>
    private static void Discard(string temporary)
    {
        if (File.Exists(temporary))
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Not what is wrong with the content.</summary>
    private static bool IsDisks(Exception fault) =>
        fault is UnauthorizedAccessException or IOException;

    private StoreUnavailableException Unavailable(Exception fault) =>
        new($"The media folder {folder.Path} cannot be used: {fault.Message}", fault)
        {
            Told = "Media cannot be stored or read right now; nothing was stored. Try again later.",
        };
}
