namespace Rookery.Adapters.Smtp;

/// <summary>The folder for mails that no server takes, in the data folder.</summary>
internal sealed record MailFolder(string Path);
