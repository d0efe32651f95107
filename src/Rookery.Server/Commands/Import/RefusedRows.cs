namespace Rookery.Server.Commands.Import;

/// <summary>What of a file was not taken, by reason: how often, and the first lines where.</summary>
internal sealed class RefusedRows
{
    private const int LinesKept = 5;

    private readonly Dictionary<string, Reason> _reasons = new(StringComparer.Ordinal);

    public long Count { get; private set; }

    /// <param name="reason">The kind of fault, the same for all rows that have it.</param>
    /// <param name="detail">What was wrong with this row, if that says more.</param>
    public void Add(long line, string reason, string? detail = null)
    {
        Count++;
        if (!_reasons.TryGetValue(reason, out var known))
        {
            _reasons.Add(reason, known = new Reason());
        }

        known.Count++;
        if (known.Examples.Count < LinesKept)
        {
            known.Examples.Add(detail is null ? $"line {line}" : $"line {line}: {detail}");
        }
    }

    public IEnumerable<string> Lines() =>
        _reasons
            .OrderByDescending(reason => reason.Value.Count)
            .SelectMany(reason =>
                reason
                    .Value.Examples.Prepend($"  refused {reason.Value.Count}: {reason.Key}")
                    .Select((line, i) => i == 0 ? line : $"    {line}")
            );

    private sealed class Reason
    {
        public long Count { get; set; }

        public List<string> Examples { get; } = [];
    }
}
