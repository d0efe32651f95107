using System.Xml;
using Rookery.Media;
using Rookery.Web.Languages;
using Rookery.Web.Layout;
using Rookery.Web.Timelines;

namespace Rookery.Web.Feeds;

/// <summary>Writes a feed as RFC 4287 has it.</summary>
internal static class WriteAtom
{
    public const string ContentType = "application/atom+xml; charset=utf-8";
    public const string Namespace = "http://www.w3.org/2005/Atom";

    public static byte[] Of(Feed feed) => FeedXml.Write(xml => Write(xml, feed));

    private static void Write(XmlWriter xml, Feed feed)
    {
        xml.WriteStartElement("feed", Namespace);
        xml.Text("id", feed.Profile);
        xml.Text("title", feed.Title);
        if (feed.Account.Bio.Length > 0)
        {
            xml.Text("subtitle", Excerpt.Of(feed.Account.Bio, Excerpt.OfDescription));
        }

        xml.Text("updated", Times.Exact(feed.UpdatedAt));
        xml.Text("generator", feed.SiteName);
        if (feed.Picture is { } picture)
        {
            xml.Text("icon", picture);
        }

        Link(xml, "self", "application/atom+xml", $"{feed.Profile}.atom");
        Link(xml, "alternate", "text/html", feed.Profile);
        xml.WriteStartElement("author");
        xml.Text("name", feed.Account.DisplayName);
        xml.Text("uri", feed.Profile);
        xml.WriteEndElement();
        foreach (var entry in feed.Entries)
        {
            Entry(xml, feed, entry);
        }

        xml.WriteEndElement();
    }

    private static void Entry(XmlWriter xml, Feed feed, EntryView entry)
    {
        var written = Times.Exact(entry.Id.CreatedAt);
        xml.WriteStartElement("entry");
        xml.Text("id", feed.AddressOf(entry));
        xml.Text("title", Excerpt.Of(entry.Shown.SummaryIn(Words.English), Excerpt.OfTitle));
        xml.Text("published", written);
        xml.Text("updated", written);
        Link(xml, "alternate", "text/html", feed.AddressOf(entry));
        if (Feed.EnclosureOf(entry) is { } video)
        {
            Link(xml, "enclosure", video.Blob.Kind.ContentType(), feed.AddressOf(video));
        }

        xml.WriteStartElement("content");
        xml.Attribute("type", "html");
        xml.WriteString(FeedXml.Writable(feed.HtmlOf(entry)));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Link(XmlWriter xml, string relation, string type, string address)
    {
        xml.WriteStartElement("link");
        xml.Attribute("rel", relation);
        xml.Attribute("type", type);
        xml.Attribute("href", address);
        xml.WriteEndElement();
    }
}
