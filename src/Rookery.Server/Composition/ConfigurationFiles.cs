namespace Rookery.Server.Composition;

/// <summary>How the framework reads appsettings.json.</summary>
internal static class ConfigurationFiles
{
    /// <summary>
    /// Without this it watches the folder it was started in and all below, where the data folder is by default: every write of the database then
    /// wakes a thread that finds it is no setting. Settings are read at the start only.
    /// </summary>
    public static readonly string[] ReadOnce = ["--hostBuilder:reloadConfigOnChange=false"];
}
