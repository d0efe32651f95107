using System.Globalization;
using System.Text;

namespace Rookery.TestKit;

/// <summary>Reads messages in Protocol Buffers' encoding by the numbers of their fields.</summary>
internal static class ProtoFields
{
    /// <summary>A key and its value, as OpenTelemetry writes them.</summary>
    public static string Attribute(byte[] attribute) =>
        $"{Text(Field(attribute, 1))}={Text(Field(Field(attribute, 2), 1))}";

    public static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    public static byte[] Field(byte[] message, int number) => Fields(message, number).Single();

    /// <summary>The values of a field, read as any program would; what is no message throws.</summary>
    public static List<byte[]> Fields(byte[] message, int number)
    {
        var found = new List<byte[]>();
        for (var at = 0; at < message.Length; )
        {
            var key = VarInt(message, ref at);
            var start = at;
            switch (key & 7)
            {
                case 0:
                    VarInt(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)VarInt(message, ref at);
                    start = at;
                    at += length;
                    break;
                default:
                    throw new FormatException(
                        string.Create(CultureInfo.InvariantCulture, $"No field begins with {key}.")
                    );
            }

            if ((int)(key >> 3) == number)
            {
                found.Add(message[start..at]);
            }
        }

        return found;
    }

    private static ulong VarInt(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
