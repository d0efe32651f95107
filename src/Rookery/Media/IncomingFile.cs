using System.IO.MemoryMappedFiles;
using Rookery.Media.Pictures;
using Rookery.Media.Videos;

namespace Rookery.Media;

/// <summary>Where files are kept while they arrive.</summary>
internal sealed record IncomingFolder(string Path);

/// <summary>A file that is in no folder any more: it goes with whoever has it open, also when the process is killed.</summary>
internal sealed class IncomingFile : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>More than any kind is known by.</summary>
    private const int HeadBytes = 64;

    private readonly FileStream _file;
    private readonly byte[] _head = new byte[HeadBytes];
    private int _headLength;

    private IncomingFile(FileStream file) => _file = file;

    public long Length => _file.Length;

    public Stream Content => _file;

    /// <summary>Its first bytes, as far as they are here.</summary>
    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _headLength);

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

    /// <summary>Takes what comes; false when it is more than a file may have that begins so, and then the rest is not read.</summary>
    /// <exception cref="StoreUnavailableException">The disk takes it not.</exception>
    public async Task<bool> FillAsync(Stream content, MediaOptions limits, CancellationToken token)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await content.ReadAsync(buffer, token) is > 0 and var read)
            {
                KeepHead(buffer.AsSpan(0, read));
                if (_file.Length + read > limits.MaxBytesOf(Head))
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

    /// <summary>Takes what is kept of the other file.</summary>
    /// <exception cref="StoreUnavailableException">The disk takes it not.</exception>
    public async Task FillAsync(IncomingFile other, CleanMedium medium, CancellationToken token)
    {
        try
        {
            await medium.WriteAsync(other._file, _file, token);
        }
        catch (IOException fault)
        {
            throw Unavailable(fault);
        }
    }

    /// <summary>Reads the structure of the picture or the video where it lies.</summary>
    public unsafe Result<CleanMedium> Read(MediaOptions limits, MediaPurpose purpose)
    {
        if (_file.Length == 0)
        {
            return Problem.Invalid("file", "file is empty; it must be a picture or a video.");
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
            var file = new ReadOnlySpan<byte>(bytes + view.PointerOffset, (int)_file.Length);
            return purpose == MediaPurpose.Post && ReadVideo.KindOf(file) is { } kind
                ? ReadVideo.Read(file, kind, limits)
                : ReadPicture.Read(file, limits, purpose);
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

    private void KeepHead(ReadOnlySpan<byte> next)
    {
        var some = next[..Math.Min(next.Length, HeadBytes - _headLength)];
        some.CopyTo(_head.AsSpan(_headLength));
        _headLength += some.Length;
    }

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
