// Pictures and videos on their way: pictures made smaller where they are larger than anybody needs, and stored by the client API.

/** Of the longer side: what the largest screens show. */
const longestSide = 2560;

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
    for (const [name, value] of Object.entries(fields ?? {})) body.append(name, value);
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

/** Drawn again, only its first frame would be left. */
async function isMoving(file) {
  return file.type === "image/gif" || /acTL|ANIM/.test(new TextDecoder("latin1").decode(await file.slice(0, 4096).arrayBuffer()));
}

/** What is sent of a chosen file, and what it looks like, upright; what no browser reads is sent as it is, for the site to say what is wrong. */
async function prepared(file) {
  if (isVideo(file)) return { file };
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return { file };
  }
  const { width, height } = picture;
  const scale = longestSide / Math.max(width, height);
  const sized = (side) => [width, height].map((one) => Math.max(1, Math.round((one * side) / Math.max(width, height))));
  const small = drawn(picture, ...sized(64));
  const few = drawn(small, 32, 32).getContext("2d").getImageData(0, 0, 32, 32);
  const canvas = scale < 1 && !(await isMoving(file)) && drawn(picture, ...sized(longestSide));
  const smaller = canvas && (await new Promise((done) => canvas.toBlob(done, file.type, 0.85)));
  picture.close();
  return { file: smaller || file, small, blurhash: hashOf(few) };
}
