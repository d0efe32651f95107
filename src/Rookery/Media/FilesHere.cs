namespace Rookery.Media;

/// <summary>Whether this process stores files where those who hand them out find them.</summary>
internal sealed record FilesHere(bool AreStored);
