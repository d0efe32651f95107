using System.Text;
using System.Xml;

namespace Rookery.Web.Feeds;

/// <summary>XML of people's texts: escaped by the framework's writer, and without what XML has no way of writing.</summary>
internal static class FeedXml
{
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
    };

    public static byte[] Write(Action<XmlWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, Settings))
        {
            xml.WriteStartDocument();
            write(xml);
            xml.WriteEndDocument();
        }

        return bytes.ToArray();
    }

    /// <summary>An element that holds text alone.</summary>
    public static void Text(this XmlWriter xml, string name, string text)
    {
        xml.WriteStartElement(name);
        xml.WriteString(Writable(text));
        xml.WriteEndElement();
    }

    public static void Attribute(this XmlWriter xml, string name, string text) =>
        xml.WriteAttributeString(name, Writable(text));

    /// <summary>Control characters and noncharacters, which posts may hold, are no XML, escaped or not.</summary>
    public static string Writable(string text)
    {
        if (IsWritable(text))
        {
            return text;
        }

        var written = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            written.Append(IsWritable(rune) ? rune.ToString() : "\uFFFD");
        }

        return written.ToString();
    }

    private static bool IsWritable(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsWritable(rune))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsWritable(Rune rune) =>
        !rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value);
}
