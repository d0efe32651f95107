using System.Runtime.Versioning;
using Rookery.Load;

[assembly: SupportedOSPlatform("linux")]

switch (args)
{
    case ["home"]:
        HomeLoad.Run(past: false);
        return 0;
    case ["home", "past"]:
        HomeLoad.Run(past: true);
        return 0;
    case ["pages"]:
        PagesLoad.Run();
        return 0;
    case ["start"]:
        StartLoad.Run();
        return 0;
    case ["posts", .. var rest]:
        await PostsLoad.RunAsync(rest);
        return 0;
    case ["search", .. var stored]:
        await SearchLoad.RunAsync(stored is [var number] ? number : "200000");
        return 0;
    case ["crowd", .. var people]:
        await CrowdLoad.RunAsync(people is [var count] ? count : "10000");
        return 0;
    case ["visible"]:
        VisibleLoad.Run();
        return 0;
    case ["streams", "sse" or "websocket"]:
        StreamsLoad.Run(isSocket: args[1] == "websocket");
        return 0;
    case ["pushed", var cluster, .. var followers]:
        await PushedLoad.RunAsync(cluster, followers is [var crowd] ? crowd : "200000");
        return 0;
    case ["scale"]:
        ScaleLoad.Run();
        return 0;
    case ["graph", var graph, .. var posts]:
        GraphLoad.Run(graph, [.. posts.Chunk(2).Select(pair => (pair[0], pair[1]))]);
        return 0;
    default:
        Console.Error.WriteLine(
            "Rookery.Load home [past] | pages | posts [SECONDS] [--postgres [CONNECTION]] | crowd [PEOPLE] | visible | streams sse|websocket | search [POSTS] | pushed CLUSTER [FOLLOWERS] | scale | start | graph FILE [POSTS COLUMNS]…"
        );
        return 1;
}
