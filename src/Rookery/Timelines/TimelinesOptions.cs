using System.ComponentModel.DataAnnotations;

namespace Rookery.Timelines;

/// <summary>How home timelines are made and how much of them is kept in memory.</summary>
public sealed class TimelinesOptions
{
    public const string Section = "Timelines";

    /// <summary>
    /// Authors with more followers than this are merged at read, the others are pushed to their followers' timelines. 0: all are merged and
    /// nothing is ever pushed, which on one machine is fastest. Where it is not set and `Redis:Nodes` is, it is 10,000.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int MergeAtReadAbove { get; set; }

    /// <summary>Entries of a pushed timeline; older ones come from the database. 17 bytes each in a timeline store.</summary>
    [Range(20, 10_000)]
    public int PushedLength { get; set; } = 800;

    /// <summary>Days after its owner's last visit that a pushed timeline is kept.</summary>
    [Range(1, 365)]
    public int PushedDays { get; set; } = 30;

    /// <summary>Followers that get one post in one step of its fan-out; a step is what a crash may repeat.</summary>
    [Range(1, 100_000)]
    public int FanOutChunk { get; set; } = 5_000;

    /// <summary>
    /// Authors with more followers than this have their posts pushed in a lane of their own, where the bus has lanes, so that nobody else's post
    /// waits for theirs.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int LargeFanOutAbove { get; set; } = 20_000;

    /// <summary>Bytes for the newest ids of authors. An author's costs about 160; what does not fit is read from the database again.</summary>
    [Range(1 << 14, long.MaxValue)]
    public long HeadBytes { get; set; } = 256 << 20;

    /// <summary>Home timelines that may be read from the database alone at the same time; more wait, then get 503.</summary>
    [Range(1, 1024)]
    public int ColdReads { get; set; } = 16;
}
