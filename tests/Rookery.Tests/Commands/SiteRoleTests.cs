using Microsoft.Extensions.Configuration;
using Rookery.Server.Composition;
using Xunit;

namespace Rookery.Tests.Commands;

public sealed class SiteRoleTests
{
    [Theory]
    [InlineData("web", "", "accounts")]
    [InlineData("accounts,graph,posts,web", "", "timelines")]
    [InlineData(
        "graph,posts,timelines,notifications,web",
        "Roles:Accounts:Url=http://127.0.0.1:1",
        "accounts"
    )]
    [InlineData("accounts,graph,posts,timelines,web", "", "notifications")]
    [InlineData("accounts,graph,posts,timelines,notifications,web", "", null)]
    [InlineData("web", "Databases:Default=Host=db", null)]
    public void The_site_runs_where_it_reaches_the_tables_that_it_acts_in(
        string roles,
        string setting,
        string? missing
    )
    {
        var settings = new ConfigurationManager();
        if (setting.Split('=', 2) is [var name, var value])
        {
            settings[name] = value;
        }

        var refused = Doors.Refuse(Server.Composition.Roles.Parse(roles).Value, settings);

        Assert.Equal(missing is null, refused is null);
        Assert.Contains($"role {missing}", refused?.Detail ?? "role ", StringComparison.Ordinal);
    }
}
