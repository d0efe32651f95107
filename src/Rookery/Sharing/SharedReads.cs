using System.Buffers;
using Rookery.Telemetry;

namespace Rookery.Sharing;

/// <summary>
/// Reads what is shared, and truth for the rest, which it then shares.
/// <para>
/// A value says as of which event it was read. It is used only where this process knows every event since, none of them changed what it depends on, and
/// the process holds its lease: then nothing that was acknowledged anywhere contradicts it, whoever wrote it and whenever.
/// </para>
/// </summary>
internal sealed class SharedReads(
    ISharedCache cache,
    ChangesSeen changes,
    ICommitLease lease,
    TelemetryEvents telemetry
)
{
    /// <summary>As many as a page can ask for. Who asks for more looks through everything, and would push out what pages need.</summary>
    public const int MostKeys = 256;

    /// <summary>Older than every event.</summary>
    private const long NoValue = -1;

    /// <summary>Reads values from truth: those of these ids that there are.</summary>
    public delegate ValueTask<IReadOnlyList<TValue>> Truth<TValue>(
        IReadOnlyList<long> ids,
        CancellationToken token
    );

    /// <summary>Those of these ids that there are, each once.</summary>
    public async ValueTask<IReadOnlyList<TValue>> ReadAsync<TValue>(
        SharedForm<TValue> form,
        IEnumerable<long> ids,
        Truth<TValue> truth,
        CancellationToken token
    )
        where TValue : class
    {
        var keys = ids.Distinct().Select(id => new SharedKey(form.Kind, id)).ToList();
        // Before truth is read, so that what it answers contains all up to here.
        var asOf = changes.Through;
        if (keys.Count is 0 or > MostKeys || asOf is null || !lease.IsHeld)
        {
            return await truth([.. keys.Select(key => key.Id)], token);
        }

        var places = await cache.GetAsync(keys, token);
        var (found, missing, leases) = Sort(form, keys, places, asOf.Value);
        telemetry.SharedLookedFor(found.Count, missing.Count);
        if (missing.Count > 0)
        {
            var read = await truth(missing, token);
            found.AddRange(read);
            await FillAsync(form, read, leases, asOf.Value, token);
        }

        return found;
    }

    private (List<TValue> Found, List<long> Missing, Dictionary<long, ulong> Leases) Sort<TValue>(
        SharedForm<TValue> form,
        List<SharedKey> keys,
        IReadOnlyList<SharedPlace> places,
        long asOf
    )
        where TValue : class
    {
        var found = new List<TValue>(keys.Count);
        var missing = new List<long>();
        var leases = new Dictionary<long, ulong>();
        // After the answer: whoever holds the lease now was told of all that was acknowledged before now.
        var isHeld = lease.IsHeld;
        for (var i = 0; i < keys.Count; i++)
        {
            var value = Open(form, keys[i], places[i], out var valueAsOf);
            if (isHeld && value is not null && Holds(form, value, valueAsOf))
            {
                found.Add(value);
                continue;
            }

            missing.Add(keys[i].Id);
            // What is there was read later than ours will have been: it stays.
            if (places[i].Lease is { } mayFill && valueAsOf < asOf)
            {
                leases[keys[i].Id] = mayFill;
            }
        }

        return (found, missing, leases);
    }

    private bool Holds<TValue>(SharedForm<TValue> form, TValue value, long asOf) =>
        changes.Covers(asOf) && !form.ChangedSince(asOf, value, changes);

    private static TValue? Open<TValue>(
        SharedForm<TValue> form,
        SharedKey key,
        SharedPlace place,
        out long asOf
    )
        where TValue : class
    {
        asOf = NoValue;
        if (
            place.Value is { } bytes
            && SealedValue.TryOpen(bytes.Span, key, out var sealedAsOf, out var content)
            && form.Read(key.Id, content) is { } value
        )
        {
            asOf = sealedAsOf;
            return value;
        }

        return null;
    }

    private ValueTask FillAsync<TValue>(
        SharedForm<TValue> form,
        IReadOnlyList<TValue> read,
        Dictionary<long, ulong> leases,
        long asOf,
        CancellationToken token
    )
    {
        var fills = new List<SharedFill>(read.Count);
        foreach (var value in read)
        {
            var key = new SharedKey(form.Kind, form.IdOf(value));
            if (leases.TryGetValue(key.Id, out var mayFill))
            {
                var bytes = new ArrayBufferWriter<byte>(256);
                SealedValue.Begin(bytes, key, asOf);
                form.Write(value, bytes);
                SealedValue.End(bytes);
                fills.Add(new SharedFill(key, mayFill, bytes.WrittenMemory));
            }
        }

        return fills.Count == 0 ? ValueTask.CompletedTask : cache.FillAsync(fills, token);
    }
}
