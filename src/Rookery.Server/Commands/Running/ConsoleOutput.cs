namespace Rookery.Server.Commands.Running;

/// <summary>Answers go to standard output, all else to standard error: a bar on a terminal, a line every few seconds elsewhere.</summary>
internal sealed class ConsoleOutput(
    TimeProvider time,
    TextWriter output,
    TextWriter error,
    bool isTerminal
) : ICommandOutput
{
    private const int BarWidth = 30;

    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    private long _shownAt;
    private int _shownLength;

    public static ConsoleOutput Create() =>
        new(TimeProvider.System, Console.Out, Console.Error, !Console.IsErrorRedirected);

    public void Line(string text)
    {
        Clear();
        output.WriteLine(Printable(text));
    }

    public void Error(string text)
    {
        Clear();
        error.WriteLine($"rookery: {Printable(text)}");
    }

    public void Progress(double part, string text)
    {
        var interval = isTerminal ? TerminalInterval : PlainInterval;
        if (_shownAt == 0)
        {
            _shownAt = time.GetTimestamp();
        }
        else if (time.GetElapsedTime(_shownAt) >= interval)
        {
            _shownAt = time.GetTimestamp();
            Show(Math.Clamp(part, 0, 1), text);
        }
    }

    /// <summary>Names and lines of files are told too, and a terminal would obey what stands in them.</summary>
    private static string Printable(string text) =>
        text.Any(char.IsControl)
            ? string.Concat(text.Select(unit => char.IsControl(unit) ? '\uFFFD' : unit))
            : text;

    private void Show(double part, string text)
    {
        var percent = $"{(int)(100 * part), 3} %";
        if (!isTerminal)
        {
            error.WriteLine($"{percent}  {text}");
            return;
        }

        var full = (int)(BarWidth * part);
        var line = $"[{new string('#', full)}{new string('.', BarWidth - full)}] {percent}  {text}";
        error.Write($"\r{line.PadRight(_shownLength)}");
        _shownLength = line.Length;
    }

    private void Clear()
    {
        if (_shownLength > 0)
        {
            error.Write($"\r{new string(' ', _shownLength)}\r");
            _shownLength = 0;
        }
    }
}
