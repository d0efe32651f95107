using System.Text.Json;
using Microsoft.Playwright;
using Rookery.TestKit;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Rookery.BrowserTests;

/// <summary>Pictures in the box to write in, with the script: each way in, and what becomes of them until they are posted.</summary>
public sealed class PictureTests(Site site)
{
    /// <summary>A drawing of the given size, as a file that a page has.</summary>
    private const string Draw = """
        async function draw(width, height, type = "image/png") {
          const canvas = new OffscreenCanvas(width, height);
          const context = canvas.getContext("2d");
          context.fillStyle = "#c04020";
          context.fillRect(0, 0, width, height);
          context.fillStyle = "#2040c0";
          context.fillRect(0, 0, width / 2, height / 2);
          return new File([await canvas.convertToBlob({ type })], "drawing", { type });
        }
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pictures_are_pasted_dropped_and_chosen_described_removed_and_posted()
    {
        var person = await site.SignUpAsync("ana", Stop);
        await using var ana = await site.OpenAsync(person);
        await ana.GoAsync("/home");
        await PasteAsync(ana);
        await Expect(Ready(ana)).ToHaveCountAsync(1);
        await ana.Page.EvaluateAsync(
            $$"""
            async () => {
              {{Draw}}
              const files = new DataTransfer();
              files.items.add(await draw(30, 40));
              const form = document.querySelector("#write");
              for (const type of ["dragover", "drop"])
                form.dispatchEvent(new DragEvent(type, { dataTransfer: files, bubbles: true, cancelable: true }));
            }
            """
        );
        await Expect(Ready(ana)).ToHaveCountAsync(2);
        await ana.Find("#write-add")
            .SetInputFilesAsync(Enumerable.Repeat(File("a.png", SamplePictures.Png(50, 50)), 3));
        await Expect(ana.Find(".toast")).ToContainTextAsync("at most 4");
        await Expect(Ready(ana)).ToHaveCountAsync(4);

        var removed = await Ready(ana).Nth(2).Locator("[name=media_ids]").InputValueAsync();
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Remove picture 3" }).ClickAsync();
        await Expect(Ready(ana)).ToHaveCountAsync(3);
        await ana.Page.GetByLabel("What is on it").First.FillAsync("half blue, half red");
        await ana.Find("#write textarea").FillAsync("three of them");
        await ana.Find("#write button[type=submit]").DblClickAsync();
        await Expect(ana.Find("article .media img")).ToHaveCountAsync(3);
        await Expect(ana.Find(".chosen li")).ToHaveCountAsync(0);

        var posts = await person.UserTimelineAsync(person.Id, new Page(5), Stop);
        var media = Assert.Single(posts).Json.GetProperty("media");
        Assert.Equal(
            [(60, 40), (30, 40), (50, 50)],
            media.EnumerateArray().Select(one => (Number(one, "width"), Number(one, "height")))
        );
        Assert.Equal("half blue, half red", media[0].GetProperty("description").GetString());
        Assert.Equal(JsonValueKind.Null, media[1].GetProperty("description").ValueKind);
        Assert.All(
            media.EnumerateArray().Take(2),
            one => Assert.Equal(28, one.GetProperty("blurhash").GetString()!.Length)
        );
        var gone = await new Caller(site.Http, person.Token).SendAsync(
            HttpMethod.Get,
            $"/api/v1/media/{removed}",
            null,
            Stop
        );
        Assert.Equal(404, gone.Status);
    }

    [Fact]
    public async Task A_large_picture_is_made_smaller_and_one_that_lies_on_its_side_is_shown_upright()
    {
        var person = await site.SignUpAsync("ana", Stop);
        await using var ana = await site.OpenAsync(person);
        await ana.GoAsync("/home");
        // A JPEG whose Exif says that it is to be turned by a quarter.
        await ana.Page.EvaluateAsync(
            $$"""
            async () => {
              {{Draw}}
              const bytes = new Uint8Array(await (await draw(4000, 1000, "image/jpeg")).arrayBuffer());
              const exif = [0xff, 0xe1, 0, 34, 69, 120, 105, 102, 0, 0, 77, 77, 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
              const file = new File([bytes.slice(0, 2), new Uint8Array(exif), bytes.slice(2)], "a.jpg", { type: "image/jpeg" });
              const files = new DataTransfer();
              files.items.add(file);
              const chooser = document.querySelector("#write-add");
              chooser.files = files.files;
              chooser.dispatchEvent(new Event("change"));
            }
            """
        );
        await Expect(Ready(ana)).ToHaveCountAsync(1);
        await ana.WriteAsync("");
        await Expect(ana.Find("article .media img")).ToHaveCountAsync(1);
        var posts = await person.UserTimelineAsync(person.Id, new Page(1), Stop);
        var medium = posts[0].Json.GetProperty("media")[0];
        Assert.Equal((640, 2560), (Number(medium, "width"), Number(medium, "height")));
    }

    [Fact]
    public async Task What_is_not_stored_says_why_and_holds_the_post_back_and_what_is_stored_outlives_the_page()
    {
        var person = await site.SignUpAsync("ana", Stop);
        await using var ana = await site.OpenAsync(person);
        await ana.GoAsync("/home");
        var isAway = true;
        await ana.Page.RouteAsync(
            "**/api/v2/media",
            route => isAway ? route.AbortAsync() : route.ContinueAsync()
        );
        await PasteAsync(ana);
        await Expect(ana.Find(".chosen .error")).ToContainTextAsync("no connection");
        await ana.WriteAsync("with a drawing");
        await Expect(ana.Find("#write > [role=alert]")).ToContainTextAsync("not ready");
        isAway = false;
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(Ready(ana)).ToHaveCountAsync(1);
        await ana.Find("#write-add").SetInputFilesAsync(File("a.png", "no picture"u8.ToArray()));
        await Expect(ana.Find(".chosen li").Nth(1).Locator(".error")).ToContainTextAsync("JPEG");
        await ana.Page.GetByRole(AriaRole.Button, new() { Name = "Remove picture 2" }).ClickAsync();
        await ana.Page.GetByLabel("What is on it").FillAsync("a drawing");
        await ana.Page.GetByLabel("What is on it").BlurAsync();
        await ana.Find(".warns summary").ClickAsync();
        await ana.Find("#spoiler_text").FillAsync("Art");
        await Expect(ana.Find(".left")).ToHaveTextAsync("483");

        await ana.GoAsync("/public");
        await ana.GoAsync("/home");
        await Expect(Ready(ana)).ToHaveCountAsync(1);
        await Expect(ana.Find("#spoiler_text")).ToHaveValueAsync("Art");
        await Expect(ana.Page.GetByLabel("What is on it")).ToHaveValueAsync("a drawing");
        await ana.Find("#write button[type=submit]").ClickAsync();
        await Expect(ana.Find("article summary")).ToContainTextAsync("Art");
        await Expect(ana.Find("article .text")).ToBeHiddenAsync();
        await ana.Find("article summary").ClickAsync();
        await Expect(ana.Page.GetByAltText("a drawing")).ToBeVisibleAsync();
        await Expect(ana.Find("#spoiler_text")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Whose_session_ends_before_a_picture_is_stored_logs_in_and_finds_what_was_written()
    {
        var person = await site.SignUpAsync("ana", Stop);
        await using var ana = await site.OpenAsync(person);
        await ana.GoAsync("/home");
        await ana.Find("#write textarea").FillAsync("half a thought");
        (await person.LogOutAsync(Stop)).Require(200);
        await PasteAsync(ana);
        await ana.Find(".chosen .error a").ClickAsync();
        await ana.Page.GetByLabel("Username").FillAsync(person.Username);
        await ana.Page.GetByLabel("Password").FillAsync(ClassicClient.Password);
        await ana.Find("main button").ClickAsync();
        await Expect(ana.Find("#write textarea")).ToHaveValueAsync("half a thought");
    }

    [Fact]
    public async Task Until_a_picture_is_there_its_colours_are_and_nothing_moves_when_it_comes()
    {
        var person = await site.SignUpAsync("ana", Stop);
        await using var ana = await site.OpenAsync(person);
        await ana.GoAsync("/home");
        await PasteAsync(ana);
        await Expect(Ready(ana)).ToHaveCountAsync(1);
        await ana.WriteAsync("");
        await Expect(ana.Find("article .media img")).ToHaveCountAsync(1);

        var held = new TaskCompletionSource<IRoute>();
        await using var bob = await site.OpenAsync();
        await bob.Page.RouteAsync("**/media/*", held.SetResult);
        await bob.Page.GotoAsync(
            $"/@{person.Username}",
            new() { WaitUntil = WaitUntilState.Commit }
        );
        var colours = bob.Find(".media canvas.blur");
        await Expect(colours).ToBeVisibleAsync();
        // The corner at the beginning is blue, the others red.
        var corners = await bob.Page.EvaluateAsync<int[]>(
            """
            () => {
              const pixels = document.querySelector(".blur").getContext("2d");
              return [[1, 1], [22, 22]].flatMap(([x, y]) => [...pixels.getImageData(x, y, 1, 1).data]);
            }
            """
        );
        Assert.True(corners[2] > corners[0] + 60, string.Join(' ', corners));
        Assert.True(corners[4] > corners[6] + 60, string.Join(' ', corners));
        var before = await bob.Find("article").BoundingBoxAsync();
        await (await held.Task).ContinueAsync();
        await Expect(colours).ToHaveCountAsync(0);
        var after = await bob.Find("article").BoundingBoxAsync();
        Assert.Equal(before!.Height, after!.Height);
    }

    private static ILocator Ready(Tab tab) =>
        tab.Find(".chosen li:has([name=media_ids]:not([disabled]))");

    private static async Task PasteAsync(Tab tab) =>
        await tab.Page.EvaluateAsync(
            $$"""
            async () => {
              {{Draw}}
              const files = new DataTransfer();
              files.items.add(await draw(60, 40));
              const paste = new ClipboardEvent("paste", { clipboardData: files, bubbles: true, cancelable: true });
              document.querySelector("#write textarea").dispatchEvent(paste);
            }
            """
        );

    private static FilePayload File(string name, byte[] content) =>
        new()
        {
            Name = name,
            MimeType = "image/png",
            Buffer = content,
        };

    private static int Number(JsonElement medium, string name) =>
        medium.GetProperty(name).GetInt32();
}
