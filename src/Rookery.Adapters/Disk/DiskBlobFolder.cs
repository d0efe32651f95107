namespace Rookery.Adapters.Disk;

/// <summary>The folder of the blobs, in the data folder.</summary>
internal sealed record DiskBlobFolder(string Path);
