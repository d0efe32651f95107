namespace Rookery.Server.Composition;

/// <summary>What the server says of itself at start: where it listens, what it runs, and which adapter serves each port.</summary>
internal static class Banner
{
    public static void Print(
        TextWriter output,
        Uri address,
        IReadOnlyList<Role> roles,
        string data,
        string? keyFile,
        IReadOnlyList<string> databases,
        IConfiguration settings
    )
    {
        output.WriteLine($"Rookery is ready at {address.GetLeftPart(UriPartial.Authority)}");
        output.WriteLine($"  roles        {string.Join(", ", roles.Select(role => role.Name))}");
        output.WriteLine($"  data         {data}");
        foreach (var database in databases)
        {
            output.WriteLine($"  database     {database}");
        }

        if (string.IsNullOrEmpty(settings["Mail:Smtp"]))
        {
            output.WriteLine(
                $"  mail         {Path.Combine(data, "mail")}, as files: nobody gets it until Mail:Smtp names a server"
            );
        }

        output.WriteLine($"  service key  {keyFile ?? "from the setting Service:Key"}");
        foreach (var row in Stores.Chosen(settings))
        {
            output.WriteLine($"  {row.Port.Name, -20} {row.Adapter.Name}");
        }
    }
}
