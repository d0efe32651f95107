using System.IO.MemoryMappedFiles;
using Rookery.Media.Pictures;

namespace Rookery.Media;

/// <summary>Where files are kept while they arrive.</summary>
internal sealed record IncomingFolder(string Path);

/// <summary>A file that is in no folder any more: it goes with whoever has it open, also when the process is killed.</summary>
internal sealed class IncomingFile : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly FileStream _file;

    private IncomingFile(FileStream file) => _file = file;

    public long Length => _file.Length;

    public Stream Content => _file;

    public static IncomingFile Create(IncomingFolder folder)
    {
        Directory.CreateDirectory(folder.Path);
        var path = System.IO.Path.Combine(folder.Path, System.IO.Path.GetRandomFileName());
        var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.Delete,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
            }
        );
        File.Delete(path);
        return new IncomingFile(file);
    }

    /// <summary>Takes what comes; false when it is more than <paramref name="maxBytes"/>, and then the rest is not read.</summary>
    /// <exception cref="StoreUnavailableException">The disk takes it not.</exception>
    public async Task<bool> FillAsync(Stream content, long maxBytes, CancellationToken token)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await content.ReadAsync(buffer, token) is > 0 and var read)
            {
                if (_file.Length + read > maxBytes)
                {
                    return false;
                }

                await WriteAsync(buffer.AsMemory(0, read), token);
            }

            return true;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes what is kept of the other file's picture.</summary>
    /// <exception cref="StoreUnavailableException">The disk takes it not.</exception>
    public async Task FillAsync(IncomingFile other, CleanPicture picture, CancellationToken token)
    {
        try
        {
            await picture.WriteAsync(other._file, _file, token);
        }
        catch (IOException fault)
        {
            throw Unavailable(fault);
        }
    }

    /// <summary>Reads the picture's structure where it lies.</summary>
    public unsafe Result<CleanPicture> ReadPicture(MediaOptions limits)
    {
        if (_file.Length == 0)
        {
            return Problem.Invalid("file", "file is empty; it must be a picture.");
        }

        using var map = MemoryMappedFile.CreateFromFile(
            _file,
            null,
            0,
            MemoryMappedFileAccess.Read,
            HandleInheritability.None,
            leaveOpen: true
        );
        using var view = map.CreateViewAccessor(0, _file.Length, MemoryMappedFileAccess.Read);
        byte* bytes = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref bytes);
        try
        {
            return Pictures.ReadPicture.Read(
                new ReadOnlySpan<byte>(bytes + view.PointerOffset, (int)_file.Length),
                limits
            );
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    public static StoreUnavailableException Unavailable(Exception fault) =>
        new($"Files cannot be received: {fault.Message}", fault)
        {
            Told =
                "The server cannot receive files right now; nothing was stored. Try again later.",
        };

    /// <summary>A fault of the disk is not one of whoever sends.</summary>
    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken token)
    {
        try
        {
            await _file.WriteAsync(bytes, token);
        }
        catch (IOException fault)
        {
            throw Unavailable(fault);
        }
    }
}
