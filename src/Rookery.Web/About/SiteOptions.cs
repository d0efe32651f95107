using System.ComponentModel.DataAnnotations;
using Rookery.Web.Languages;

namespace Rookery.Web.About;

/// <summary>What the site says of itself and of who runs it.</summary>
internal sealed class SiteOptions
{
    public const string Section = "Site";

    private const string UsualDescription = "A calm place for short posts";

    /// <summary>What the site is called: in the titles of its pages, in feeds, and where it is installed like an app.</summary>
    [Required]
    [StringLength(50)]
    public string Name { get; set; } = "Rookery";

    /// <summary>What kind of place it is, in one sentence: on the first page, on the page about the site, and where a link to it is shown.</summary>
    [Required]
    [StringLength(200)]
    public string Description { get; set; } = UsualDescription;

    /// <summary>Where whoever runs the site is reached: an e-mail address, or the address of a page. Empty: the page about the site says nothing of it.</summary>
    [RegularExpression(@"(https?://[^\s/]\S*|[^\s@:/]+@[^\s@:/]+)?")]
    [StringLength(500)]
    public string Contact { get; set; } = "";

    /// <summary>The rules of the place, one on each line. Empty: three that go without saying.</summary>
    [StringLength(20_000)]
    public string Rules { get; set; } = "";

    /// <summary>
    /// What holds for who has an account, with an empty line between paragraphs. Empty: what Rookery does with what people write and with what it knows of them.
    /// </summary>
    [StringLength(100_000)]
    public string Terms { get; set; } = "";

    /// <summary>Search engines may keep what is public, of those who let them. Without, they are asked to keep nothing.</summary>
    public bool MayBeIndexed { get; set; } = true;

    /// <summary>What its operator says stays as it was said.</summary>
    public string DescriptionIn(Words say) =>
        Description == UsualDescription ? say.UsualDescription : Description;
}
