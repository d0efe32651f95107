namespace Rookery.Delivery;

/// <summary>
/// All consumers of an outbox, and those of them that this process runs: its roles'. Other processes on the same outbox run the others.
/// </summary>
internal sealed class Consumers
{
    public Consumers(IEnumerable<IEventConsumer> all, Func<IEventConsumer, bool>? runsHere = null)
    {
        All = [.. all];
        Here = [.. All.Where(runsHere ?? (_ => true))];
    }

    /// <summary>Whose positions the outbox keeps: no event is dropped before each of them is past it.</summary>
    public IReadOnlyList<IEventConsumer> All { get; }

    public IReadOnlyList<IEventConsumer> Here { get; }

    public IReadOnlyList<string> Names => [.. All.Select(one => one.Name)];

    public bool RunsHere(string name) => Here.Any(one => one.Name == name);
}
