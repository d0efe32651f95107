// Pictures and videos on their way: pictures made smaller where they are larger than anybody needs, and stored by the client API.

/** Of the longer side: what the largest screens show. */
const longestSide = 2560;

/** Of a video's still picture, which is shown no larger than the column. */
const longestOfStill = 1280;
const mostForStill = 10_000;

/** Asks the client API. The cookie says for whom, the form's token that a page of this site asks. */
function callApi(form, method, path, fields, { progress, started } = {}) {
  return new Promise((done) => {
    const call = new XMLHttpRequest();
    call.open(method, path);
    call.responseType = "json";
    call.setRequestHeader("Rookery-Form-Token", form.elements.form_token.value);
    if (progress) call.upload.addEventListener("progress", progress);
    call.addEventListener("loadend", () =>
      done({
        status: call.status,
        answer: call.response,
        problem:
          call.status === 200 ? "" : (call.response?.error ?? words.noConnection),
      }),
    );
    started?.(call);
    const body = new FormData();
    for (const [name, value] of Object.entries(fields ?? {})) if (value !== undefined) body.append(name, value);
    call.send(fields ? body : null);
  });
}

function drawn(picture, width, height) {
  const canvas = make("canvas", { width, height });
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, width, height);
  return canvas;
}

/** The first picture of a video, or the first that is not its fade-in; null where this browser does not play it. */
async function stillOf(file) {
  const video = make("video", { preload: "auto" });
  const address = URL.createObjectURL(file);
  video.muted = true;
  try {
    return await new Promise((done, failed) => {
      const draw = () => done(drawn(video, ...sized(video.videoWidth, video.videoHeight, longestOfStill)));
      setTimeout(failed, mostForStill);
      video.addEventListener("error", failed);
      video.addEventListener("seeked", draw);
      video.addEventListener("loadeddata", () => {
        if (!video.videoWidth) failed();
        // What was recorded in a browser does not know how long it is.
        else if (Number.isFinite(video.duration)) video.currentTime = Math.min(1, video.duration / 4);
        else draw();
      });
      video.src = address;
    });
  } catch {
    return null;
  } finally {
    video.removeAttribute("src");
    URL.revokeObjectURL(address);
  }
}

/** As large as it was, or so that its longer side is as long. */
function sized(width, height, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return [width, height].map((one) => Math.max(1, Math.round(one * scale)));
}

const written = (canvas, type) => new Promise((done) => canvas.toBlob(done, type, 0.85));

/** What is shown of it at once: a small picture, and a few colours. */
function looks(picture, width, height) {
  const small = drawn(picture, ...sized(width, height, 64));
  return { small, blurhash: hashOf(drawn(small, 32, 32).getContext("2d").getImageData(0, 0, 32, 32)) };
}

/** Drawn again, only its first frame would be left. */
async function isMoving(file) {
  return file.type === "image/gif" || /acTL|ANIM/.test(new TextDecoder("latin1").decode(await file.slice(0, 4096).arrayBuffer()));
}

/** What is sent of a chosen file, and what it looks like, upright; what no browser reads is sent as it is, for the site to say what is wrong. */
async function prepared(file) {
  if (isVideo(file)) {
    const still = await stillOf(file);
    return still ? { file, thumbnail: await written(still, "image/jpeg"), ...looks(still, still.width, still.height) } : { file };
  }
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return { file };
  }
  const { width, height } = picture;
  const look = looks(picture, width, height);
  const canvas =
    Math.max(width, height) > longestSide && !(await isMoving(file)) && drawn(picture, ...sized(width, height, longestSide));
  const smaller = canvas && (await written(canvas, file.type));
  picture.close();
  return { file: smaller || file, ...look };
}
