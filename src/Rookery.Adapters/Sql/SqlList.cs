using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Rookery.Adapters.Sql;

/// <summary>
/// Many values as one parameter, which the statement opens with <c>json_each</c>: as a JSON array, or as an array where the database has them.
/// </summary>
internal abstract class SqlList
{
    public abstract string Json { get; }

    /// <summary>Of <see cref="long"/> or of <see cref="string"/>.</summary>
    public abstract Array Values { get; }

    public static SqlList Of(ReadOnlySpan<PostId> ids)
    {
        var values = new long[ids.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ids[i].Value;
        }

        return new Numbers(values);
    }

    public static SqlList Of(ReadOnlySpan<AccountId> ids)
    {
        var values = new long[ids.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ids[i].Value;
        }

        return new Numbers(values);
    }

    public static SqlList Of(ReadOnlySpan<MediaId> ids)
    {
        var values = new long[ids.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ids[i].Value;
        }

        return new Numbers(values);
    }

    public static SqlList Of(IEnumerable<long> numbers) => new Numbers([.. numbers]);

    public static SqlList Of(IEnumerable<string> texts) => new Texts([.. texts]);

    private sealed class Numbers(long[] values) : SqlList
    {
        public override Array Values => values;

        public override string Json
        {
            get
            {
                var list = new StringBuilder("[", 2 + (20 * values.Length));
                foreach (var value in values)
                {
                    (list.Length > 1 ? list.Append(',') : list).Append(
                        CultureInfo.InvariantCulture,
                        $"{value}"
                    );
                }

                return list.Append(']').ToString();
            }
        }
    }

    private sealed class Texts(string[] values) : SqlList
    {
        public override Array Values => values;

        public override string Json => JsonSerializer.Serialize(values);
    }
}
