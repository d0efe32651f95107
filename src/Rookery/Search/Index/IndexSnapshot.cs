using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Rookery.Search.Index;

/// <summary>What became of reading a snapshot.</summary>
internal abstract record SnapshotOutcome
{
    private SnapshotOutcome() { }

    /// <param name="Watermark">As it was given when the snapshot was written: everything up to it is in the images.</param>
    internal sealed record Loaded(IReadOnlyList<IndexImage> Images, byte[] Watermark)
        : SnapshotOutcome;

    /// <summary>There is none, or none that can be used: the index is built from the database.</summary>
    internal sealed record Unusable(string Because) : SnapshotOutcome;
}

/// <summary>
/// Indexes of one moment as one file: mark and version, the caller's watermark, the segments of each as they stand in memory, and the SHA-256 of all that. A
/// new one is written aside, flushed and renamed, so that there is always an old one or a new one, whenever the process ends.
/// </summary>
internal static class IndexSnapshot
{
    public const int Version = 3;

    public const int LongestWatermark = 64 * 1024;

    internal const int HashBytes = SHA256.HashSizeInBytes;

    /// <exception cref="IOException">The disk is full or faulty; the old file is still there.</exception>
    public static void Write(
        string path,
        IReadOnlyList<IndexImage> images,
        ReadOnlySpan<byte> watermark
    )
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(watermark.Length, LongestWatermark);
        var aside = path + ".new";
        using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            using var writer = new SnapshotWriter(file);
            WriteContent(writer, images, watermark);
            writer.WriteHash();
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
        FolderFlush.Run(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>All of it or nothing: the file is compared with its checksum before anything in it is believed.</summary>
    public static SnapshotOutcome Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return Unfit(file) is { } because
                ? new SnapshotOutcome.Unusable(because)
                : ReadContent(new SnapshotReader(file));
        }
        catch (FileNotFoundException)
        {
            return new SnapshotOutcome.Unusable("there is none");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new SnapshotOutcome.Unusable($"it cannot be read: {fault.Message}");
        }
    }

    private static void WriteContent(
        SnapshotWriter writer,
        IReadOnlyList<IndexImage> images,
        ReadOnlySpan<byte> watermark
    )
    {
        writer.Write<byte>("Rookery search  "u8);
        writer.Write(Version);
        writer.WriteArray(watermark);
        writer.Write(images.Count);
        foreach (var image in images)
        {
            WriteImage(writer, image);
        }
    }

    private static void WriteImage(SnapshotWriter writer, IndexImage image)
    {
        writer.WriteArray<long>(image.Hidden);
        writer.WriteArray<long>(image.Removed);
        writer.Write(image.Segments.Length);
        foreach (var segment in image.Segments)
        {
            writer.Write(segment.Terms);
            writer.WriteArray(segment.Ids);
            writer.WriteArray(segment.Dictionary);
            writer.WriteArray(segment.Blocks);
            writer.WriteArray(segment.Lists);
            writer.WriteArray(segment.Marks.Removed);
            var withdrawn = segment.Marks.Withdrawn.All.OrderBy(one => one.Term).ToArray();
            writer.WriteArray<int>([.. withdrawn.Select(one => one.Term)]);
            writer.WriteArray<int>([.. withdrawn.Select(one => one.Posts)]);
        }
    }

    /// <summary>Null where the file is one of ours, of this version, and whole.</summary>
    private static string? Unfit(FileStream file)
    {
        Span<byte> head = stackalloc byte[20];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
        {
            return "it is cut off at its beginning";
        }

        if (!head.StartsWith("Rookery search  "u8))
        {
            return "it is another program's";
        }

        var version = MemoryMarshal.Read<int>(head[16..]);
        return version != Version ? $"its version is {version}, not {Version}"
            : HasItsHash(file) ? null
            : "it is damaged or cut off: it does not have the checksum that it states";
    }

    private static bool HasItsHash(FileStream file)
    {
        var left = file.Length - HashBytes;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        file.Position = 0;
        while (left > 0)
        {
            var read = file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0)
            {
                return false;
            }

            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        Span<byte> stated = stackalloc byte[HashBytes];
        return file.ReadAtLeast(stated, HashBytes, throwOnEndOfStream: false) == HashBytes
            && hash.GetHashAndReset().AsSpan().SequenceEqual(stated);
    }

    private static SnapshotOutcome ReadContent(SnapshotReader reader)
    {
        var watermark = reader.ReadArray<byte>();
        var images = new List<IndexImage>();
        for (var left = reader.Read(); left > 0 && reader.IsWhole; left--)
        {
            images.Add(ReadImage(reader));
        }

        return reader.IsWhole && reader.IsAtEnd
            ? new SnapshotOutcome.Loaded(images, watermark)
            : new SnapshotOutcome.Unusable("its parts do not add up");
    }

    private static IndexImage ReadImage(SnapshotReader reader)
    {
        var hidden = reader.ReadArray<long>();
        var removed = reader.ReadArray<long>();
        var segments = new List<SealedSegment>();
        for (var left = reader.Read(); left > 0 && reader.IsWhole; left--)
        {
            var terms = reader.Read();
            var ids = reader.ReadArray<long>();
            var (dictionary, blocks) = (reader.ReadArray<byte>(), reader.ReadArray<int>());
            var (lists, marks) = (reader.ReadArray<byte>(), reader.ReadArray<ulong>());
            var withdrawn = new WithdrawnTerms(reader.ReadArray<int>(), reader.ReadArray<int>());
            segments.Add(
                new SealedSegment(
                    ids,
                    dictionary,
                    blocks,
                    lists,
                    terms,
                    new SegmentMarks(marks, [.. marks], withdrawn)
                )
            );
        }

        return new IndexImage([.. segments], hidden, removed);
    }
}
