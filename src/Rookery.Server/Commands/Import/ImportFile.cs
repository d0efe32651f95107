using System.IO.Compression;
using System.Text;

namespace Rookery.Server.Commands.Import;

/// <summary>
/// A text file to be imported: unpacked where it is gzip, whatever it is called, and decoded as UTF-8. Bytes that are no UTF-8 become U+FFFD
/// and are counted.
/// </summary>
internal sealed class ImportFile : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly FileStream _file;
    private readonly UndecodableBytes _undecodable = new();

    private ImportFile(string path, FileStream file)
    {
        (Path, _file) = (path, file);
        var encoding = Encoding.GetEncoding(
            "utf-8",
            EncoderFallback.ReplacementFallback,
            _undecodable
        );
        Text = new StreamReader(
            IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress) : file,
            encoding,
            detectEncodingFromByteOrderMarks: false,
            BufferSize
        );
    }

    public string Path { get; }

    public StreamReader Text { get; }

    public long UndecodableBytes => _undecodable.Count;

    /// <summary>How much of the file was read, from 0 to 1.</summary>
    public double Part => _file.Length == 0 ? 1 : (double)_file.Position / _file.Length;

    public static Result<ImportFile> Open(string path)
    {
        if (Directory.Exists(path))
        {
            return Problem.Invalid("file", $"{path} is a folder; name one file.");
        }

        try
        {
            return new ImportFile(path, new FileStream(path, FileMode.Open, FileAccess.Read));
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return Problem.NotFound($"There is no file {path}.", "file");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Problem.Invalid("file", $"{path} cannot be read: {fault.Message}");
        }
    }

    public void Dispose()
    {
        Text.Dispose();
        _file.Dispose();
    }

    private static bool IsGzip(FileStream file)
    {
        var isGzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return isGzip;
    }
}
