using System.Collections.Concurrent;
using Rookery.Timelines;

namespace Rookery.TestKit;

/// <summary>What the database keeps, in memory.</summary>
internal sealed class MemoryPostponedParts : IPostponedParts
{
    private readonly ConcurrentDictionary<(string?, string), PostponedPart> _parts = new();

    public Task NoteAsync(IReadOnlyList<PostponedPart> parts, CancellationToken token)
    {
        foreach (var part in parts)
        {
            _parts.AddOrUpdate(
                (part.Outbox, part.Part),
                part,
                (_, held) =>
                    held with
                    {
                        First = Math.Min(held.First, part.First),
                        Last = Math.Max(held.Last, part.Last),
                    }
            );
        }

        return Task.CompletedTask;
    }

    public ValueTask<IReadOnlyList<PostponedPart>> AllAsync(CancellationToken token) =>
        ValueTask.FromResult<IReadOnlyList<PostponedPart>>([
            .. _parts
                .Values.OrderBy(part => part.Part, StringComparer.Ordinal)
                .ThenBy(part => part.Outbox, StringComparer.Ordinal),
        ]);

    public Task<bool> SettleAsync(PostponedPart part, CancellationToken token) =>
        Task.FromResult(_parts.TryRemove(new((part.Outbox, part.Part), part)));
}
