using System.Globalization;
using System.Xml;
using Rookery.Media;
using Rookery.Web.Languages;
using Rookery.Web.Layout;
using Rookery.Web.Timelines;

namespace Rookery.Web.Feeds;

/// <summary>Writes a feed as RSS 2.0 has it.</summary>
internal static class WriteRss
{
    public const string ContentType = "application/rss+xml; charset=utf-8";

    public static byte[] Of(Feed feed) => FeedXml.Write(xml => Write(xml, feed));

    private static void Write(XmlWriter xml, Feed feed)
    {
        xml.WriteStartElement("rss");
        xml.Attribute("version", "2.0");
        xml.WriteStartElement("channel");
        xml.Text("title", feed.Title);
        xml.Text("link", feed.Profile);
        // It must be there, and be something.
        xml.Text(
            "description",
            feed.Account.Bio.Length > 0
                ? Excerpt.Of(feed.Account.Bio, Excerpt.OfDescription)
                : feed.Title
        );
        xml.Text("lastBuildDate", Date(feed.UpdatedAt));
        xml.Text("generator", feed.SiteName);
        if (feed.Picture is { } picture)
        {
            xml.WriteStartElement("image");
            xml.Text("url", picture);
            xml.Text("title", feed.Title);
            xml.Text("link", feed.Profile);
            xml.WriteEndElement();
        }

        xml.WriteStartElement("atom", "link", WriteAtom.Namespace);
        xml.Attribute("rel", "self");
        xml.Attribute("type", "application/rss+xml");
        xml.Attribute("href", $"{feed.Profile}.rss");
        xml.WriteEndElement();
        foreach (var entry in feed.Entries)
        {
            Item(xml, feed, entry);
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Item(XmlWriter xml, Feed feed, EntryView entry)
    {
        xml.WriteStartElement("item");
        xml.Text("title", Excerpt.Of(entry.Shown.SummaryIn(Words.English), Excerpt.OfTitle));
        xml.Text("link", feed.AddressOf(entry));
        xml.WriteStartElement("guid");
        xml.Attribute("isPermaLink", "true");
        xml.WriteString(feed.AddressOf(entry));
        xml.WriteEndElement();
        xml.Text("pubDate", Date(entry.Id.CreatedAt));
        if (Feed.EnclosureOf(entry) is { } video)
        {
            xml.WriteStartElement("enclosure");
            xml.Attribute("url", feed.AddressOf(video));
            xml.Attribute("type", video.Blob.Kind.ContentType());
            // It must be there; zero says that it is not known here.
            xml.Attribute("length", "0");
            xml.WriteEndElement();
        }

        xml.Text("description", feed.HtmlOf(entry));
        xml.WriteEndElement();
    }

    private static string Date(DateTimeOffset at) =>
        at.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
}
