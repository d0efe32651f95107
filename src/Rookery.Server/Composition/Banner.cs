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
        string database,
        IServiceProvider services
    )
    {
        output.WriteLine($"Rookery is ready at {address.GetLeftPart(UriPartial.Authority)}");
        output.WriteLine($"  roles        {string.Join(", ", roles.Select(role => role.Name))}");
        output.WriteLine($"  data         {data}");
        output.WriteLine($"  database     {database}");
        output.WriteLine($"  service key  {keyFile ?? "from the setting Service:Key"}");
        foreach (var (port, _) in Stores.Table)
        {
            output.WriteLine(
                $"  {port.Name, -20} {services.GetRequiredService(port).GetType().Name}"
            );
        }
    }
}
