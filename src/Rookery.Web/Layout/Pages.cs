using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Rookery.Accounts;
using Rookery.Web.About;
using Rookery.Web.Languages;
using Rookery.Web.Visits;

namespace Rookery.Web.Layout;

/// <summary>Renders a component with all that it shows already in its hands, and sends it with its length.</summary>
internal sealed class Pages(
    IServiceProvider services,
    ILoggerFactory logs,
    TimeProvider time,
    IOptions<SiteOptions> site
)
{
    public const string ContentType = "text/html; charset=utf-8";

    /// <summary>A usual page of twenty posts has 40 kB.</summary>
    private const int UsualLength = 48 * 1024;

    public Frame FrameOf(Visit visit, string title) =>
        Of(title, visit.Here, visit.Me, FormToken.Make(visit.FormSecret), visit.Say);

    /// <summary>Of a page of which nothing is known but what is on it.</summary>
    public Frame FrameOfNobody(string title, Words say) => Of(title, "/", null, "", say);

    private Frame Of(string title, string here, AccountCard? me, string token, Words say) =>
        new(title, here, me, token, time.GetUtcNow())
        {
            Say = say,
            SiteName = site.Value.Name,
            MayBeIndexed = site.Value.MayBeIndexed,
        };

    public async Task<Problem?> ShowAsync<TPage>(
        Visit visit,
        object model,
        int status = StatusCodes.Status200OK
    )
        where TPage : IComponent
    {
        await SendAsync<TPage>(visit.Context, model, status);
        return null;
    }

    public async Task SendAsync<TPage>(HttpContext context, object model, int status)
        where TPage : IComponent
    {
        var html = new StringBuilder(UsualLength);
        await using (var renderer = new HtmlRenderer(services, logs))
        {
            await renderer.Dispatcher.InvokeAsync(async () =>
            {
                var page = await renderer.RenderComponentAsync<TPage>(
                    ParameterView.FromDictionary(
                        new Dictionary<string, object?> { ["Model"] = model }
                    )
                );
                await using var writer = new StringWriter(html);
                page.WriteHtmlTo(writer);
            });
        }

        var body = Encoding.UTF8.GetBytes(html.ToString());
        var response = context.Response;
        SecurityHeaders.Put(response);
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentLanguage = ChosenLanguage.Of(context).Code;
        response.Headers.Append(HeaderNames.Vary, ChosenLanguage.DependsOn);
        response.StatusCode = status;
        response.ContentType = ContentType;
        await ContentCoding.SendAsync(
            context,
            body,
            isPersonal: Cookies.SessionOf(context).Length > 0
        );
    }
}
