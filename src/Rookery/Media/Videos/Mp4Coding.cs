namespace Rookery.Media.Videos;

/// <summary>How long the boxes are that say how samples are coded and shown, where that is the same for all of their kind.</summary>
internal static class Mp4Coding
{
    /// <summary>The letters nclx and nclc: colours by their numbers, and no profile.</summary>
    private const long Colours = 0x6E636C78;
    private const long ColoursOfQuickTime = 0x6E636C63;

    /// <summary>Bytes of what is in the box; of one that may have any number, all that it has.</summary>
    public static int LengthOf(ref Mp4Boxes boxes, Mp4Box box) =>
        box.Type switch
        {
            "pasp" => 8,
            "clap" => 32,
            "btrt" => 12,
            "fiel" => 2,
            "colr" when box.Length >= 4 => boxes.Number(box, 0) switch
            {
                Colours => 11,
                ColoursOfQuickTime => 10,
                _ => box.Length,
            },
            _ => box.Length,
        };
}
