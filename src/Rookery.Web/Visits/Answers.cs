using Microsoft.AspNetCore.Http;

namespace Rookery.Web.Visits;

/// <summary>How a visit's fields are read where any text is a possible one, and how it is sent on.</summary>
internal static class Answers
{
    /// <summary>The field as it was sent, empty where it was not; browsers end lines in forms with two characters.</summary>
    public static string Text(this Visit visit, string name) =>
        (visit.Fields.OptionalText(name, min: 0) ?? "").Replace(
            "\r\n",
            "\n",
            StringComparison.Ordinal
        );

    /// <summary>Where the form says that it stood.</summary>
    public static string Back(this Visit visit, string otherwise) =>
        LocalPath.Of(visit.Text(LocalPath.Field), otherwise);

    /// <summary>To be fetched with GET: loading that page again sends no form again. A script is told the place and fetches it where it wants to.</summary>
    public static Problem? SeeOther(this Visit visit, string path)
    {
        visit.Context.Response.Headers.CacheControl = "no-store";
        visit.Context.Response.StatusCode = visit.IsByScript
            ? StatusCodes.Status204NoContent
            : StatusCodes.Status303SeeOther;
        visit.Context.Response.Headers.Location = path;
        return null;
    }

    /// <summary>The secret for the forms of a stranger, left in the browser where there is none yet.</summary>
    public static Visit WithForms(this Visit visit)
    {
        if (visit.FormSecret.Length > 0)
        {
            return visit;
        }

        var secret = Cookies.FormOf(visit.Context);
        if (secret.Length == 0)
        {
            secret = FormToken.Draw();
            Cookies.KeepForm(visit.Context, secret);
        }

        return visit with
        {
            FormSecret = secret,
        };
    }
}
