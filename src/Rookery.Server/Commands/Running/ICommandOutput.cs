namespace Rookery.Server.Commands.Running;

/// <summary>Where a command says what it does: a terminal, or the connection of the process that asked for it.</summary>
internal interface ICommandOutput
{
    /// <summary>A line that is the command's answer.</summary>
    void Line(string text);

    /// <summary>A line that says what went wrong and what would be right.</summary>
    void Error(string text);

    /// <summary>How far it is, from 0 to 1; said often, shown now and then.</summary>
    void Progress(double part, string text);
}
