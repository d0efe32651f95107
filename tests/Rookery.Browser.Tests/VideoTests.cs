using System.Text.Json;
using Rookery.TestKit;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Rookery.BrowserTests;

/// <summary>A video that the browser recorded itself, from the box to write in until it is played.</summary>
public sealed class VideoTests(Site site)
{
    /// <summary>A little less than a second of two colours in turns, as a file that a page has.</summary>
    private const string Record = """
        async function record(mimeType = "video/webm;codecs=vp8") {
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [64, 48];
          const context = canvas.getContext("2d");
          const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType });
          const parts = [];
          recorder.ondataavailable = (event) => parts.push(event.data);
          recorder.start();
          for (let i = 0; i < 20; i++) {
            context.fillStyle = i % 2 ? "#c04020" : "#2040c0";
            context.fillRect(0, 0, 64, 48);
            await new Promise((done) => setTimeout(done, 40));
          }
          await new Promise((done) => {
            recorder.onstop = done;
            recorder.stop();
          });
          return new File(parts, "a.bin", { type: mimeType.split(";")[0] });
        }
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_recorded_video_is_posted_with_its_description_and_plays_where_it_is_shown()
    {
        var person = await site.SignUpAsync("ana", Stop);
        await using var ana = await site.OpenAsync(person);
        await ana.GoAsync("/home");
        await ana.Page.EvaluateAsync(
            $$"""
            async () => {
              {{Record}}
              const files = new DataTransfer();
              files.items.add(await record());
              const form = document.querySelector("#write");
              for (const type of ["dragover", "drop"])
                form.dispatchEvent(new DragEvent(type, { dataTransfer: files, bubbles: true, cancelable: true }));
            }
            """
        );
        await Expect(ana.Find(".chosen li:has([name=media_ids]:not([disabled]))"))
            .ToHaveCountAsync(1);
        await Expect(ana.Find(".chosen .kind")).ToHaveTextAsync("Video");
        await ana.Find("#write-add")
            .SetInputFilesAsync(
                new Microsoft.Playwright.FilePayload
                {
                    Name = "a.png",
                    MimeType = "image/png",
                    Buffer = SamplePictures.Png(),
                }
            );
        await Expect(ana.Find(".toast")).ToContainTextAsync("one video, or pictures");
        await ana.Page.GetByLabel("What is on it").FillAsync("two colours in turns");
        await ana.WriteAsync("see");
        await Expect(ana.Find("article .media video")).ToHaveCountAsync(1);

        var posts = await person.UserTimelineAsync(person.Id, new Page(1), Stop);
        var medium = posts[0].Json.GetProperty("media")[0];
        Assert.Equal(
            ("video", 64, 48, "two colours in turns", JsonValueKind.String),
            (
                medium.GetProperty("type").GetString(),
                medium.GetProperty("width").GetInt32(),
                medium.GetProperty("height").GetInt32(),
                medium.GetProperty("description").GetString(),
                medium.GetProperty("blurhash").ValueKind
            )
        );
        Assert.InRange(medium.GetProperty("duration").GetDouble(), 0.3, 5);
        using var still = await site.Http.GetAsync(
            medium.GetProperty("preview_url").GetString(),
            Stop
        );
        Assert.Equal("image/jpeg", still.Content.Headers.ContentType!.MediaType);

        await using var bob = await site.OpenAsync();
        await bob.GoAsync($"/@{person.Username}");
        // Its still picture is shown, and nothing of the video is asked for before it plays.
        var shown = await bob.Page.EvaluateAsync<int[]>(
            """
            async () => {
              const { poster, readyState } = document.querySelector("article video");
              const picture = new Image();
              picture.src = poster;
              await picture.decode();
              return [picture.naturalWidth, picture.naturalHeight, readyState];
            }
            """
        );
        Assert.Equal([64, 48, 0], shown);
        var played = await bob.Page.EvaluateAsync<double[]>(
            """
            async () => {
              const video = document.querySelector("article video");
              const height = video.getBoundingClientRect().height;
              video.muted = true;
              await video.play();
              await new Promise((done) => video.addEventListener("ended", done));
              return [video.videoWidth, video.videoHeight, video.currentTime, video.readyState, height - video.getBoundingClientRect().height];
            }
            """
        );
        Assert.Equal((64, 48), (played[0], played[1]));
        Assert.InRange(played[2], 0.3, 5);
        Assert.True(played[3] >= 2);
        // It takes its room before it is there.
        Assert.Equal(0, played[4]);
        await Expect(bob.Page.GetByLabel("two colours in turns")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_a_browser_records_as_MP4_is_in_fragments_and_plays_after_it_was_cleaned()
    {
        var person = await site.SignUpAsync("ana", Stop);
        await using var ana = await site.OpenAsync(person);
        await ana.GoAsync("/home");
        var recorded = await ana.Page.EvaluateAsync<int[]>(
            $$"""
            async () => {
              {{Record}}
              return [...new Uint8Array(await (await record("video/mp4;codecs=vp9")).arrayBuffer())];
            }
            """
        );
        byte[] file = [.. recorded.Select(one => (byte)one)];
        Assert.NotEqual(-1, file.AsSpan().IndexOf("moof"u8));
        var medium = await MediaClient.UploadAsync(site.Http, person.Token, file, Stop);
        var original = medium.Json.GetProperty("meta").GetProperty("original");
        Assert.Equal(64, original.GetProperty("width").GetInt32());
        Assert.InRange(original.GetProperty("duration").GetDouble(), 0.3, 5);
        (await person.PostAsync("see", Stop, media: [medium.Id])).Require(201);
        await ana.GoAsync($"/@{person.Username}");
        var played = await ana.Page.EvaluateAsync<double[]>(
            """
            async () => {
              const video = document.querySelector("article video");
              video.muted = true;
              await video.play();
              await new Promise((done) => video.addEventListener("ended", done));
              return [video.videoWidth, video.videoHeight, video.currentTime];
            }
            """
        );
        Assert.Equal((64, 48), (played[0], played[1]));
        Assert.InRange(played[2], 0.3, 5);
    }

    [Fact]
    public async Task Its_file_plays_when_it_is_opened_by_itself()
    {
        var person = await site.SignUpAsync("ana", Stop);
        await using var ana = await site.OpenAsync(person);
        await ana.GoAsync("/home");
        var bytes = await ana.Page.EvaluateAsync<int[]>(
            $$"""
            async () => {
              {{Record}}
              return [...new Uint8Array(await (await record()).arrayBuffer())];
            }
            """
        );
        var medium = await MediaClient.UploadAsync(
            site.Http,
            person.Token,
            [.. bytes.Select(one => (byte)one)],
            Stop
        );
        await ana.GoAsync($"/media/{medium.File}");
        await ana.Page.WaitForFunctionAsync("document.querySelector('video').readyState >= 2");
    }
}
