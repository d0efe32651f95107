// The pictures of a post, or its video: chosen, pasted or dropped, stored while one writes, described, and taken away again.

const pictureTypes = "image/jpeg,image/png,image/gif,image/webp,video/mp4,video/webm,video/quicktime";

const isVideo = (file) => file.type.startsWith("video/");

/** In the place of a small picture, with the video's own behind it where there is one. */
const videoSign = (...still) => make("span", { class: "kind" }, ...still, make("span", {}, words.video));
const smallPicture = (address) => make("img", { src: new URL(address).pathname, width: 64, height: 64, alt: "" });

/** Takes the place of the form's fields for files. `changed` is called when the pictures are others than before. */
function picturesOf(form, changed) {
  const box = form.querySelector(".pictures");
  const { text } = form.elements;
  const most = Number(box?.dataset.most ?? 0);
  const all = new Set();
  const list = make("ul", { class: "chosen" });
  const isFull = () => all.size + form.querySelectorAll(".kept :checked").length >= most;
  let count = 0;

  const line = (shown) => {
    const id = `${form.id}-alt-${++count}`;
    const one = {
      alt: make("input", { id, type: "text", dir: "auto" }),
      bar: make("progress", { "aria-label": words.uploading }),
      note: make("p", { class: "error", role: "alert" }),
      named: make("input", { type: "hidden", name: "media_ids", disabled: "" }),
      said: "",
    };
    const remove = make("button", { class: "plain", type: "button", "aria-label": say(words.removePicture, { count }) }, words.remove);
    const label = make("label", { for: id }, words.describePicture);
    one.item = make("li", {}, shown, make("div", {}, label, one.alt, one.bar, one.note), remove, one.named);
    remove.addEventListener("click", () => {
      take(one);
      text.focus();
    });
    one.alt.addEventListener("change", () => describe(one));
    one.isVideo = shown.className === "kind";
    all.add(one);
    list.append(one.item);
    box.open = true;
    return one;
  };
  const stored = (one, { id, description }) => {
    one.named.value = id;
    one.named.disabled = false;
    one.said = description ?? "";
    one.bar.remove();
    one.note.textContent = "";
    changed();
  };
  const describe = async (one) => {
    const said = one.alt.value;
    if (one.named.disabled || said === one.said) return;
    const { problem, status } = await callApi(form, "PUT", `/api/v1/media/${one.named.value}`, { description: said });
    state(one, problem, status);
    if (!problem) one.said = said;
  };
  const state = (one, problem, status) => {
    one.note.textContent = problem;
    // The session ended meanwhile; what is written is kept as a draft.
    if (status === 401) one.note.append(" ", make("a", { href: `/login?return=${encodeURIComponent(location.pathname)}` }, words.logIn));
  };
  const upload = async (one, { file, thumbnail, blurhash = "" }) => {
    one.note.textContent = "";
    const { answer, status, problem } = await callApi(form, "POST", "/api/v2/media", { description: one.alt.value, blurhash, thumbnail, file }, {
      started: (call) => (one.call = call),
      progress: ({ loaded, total }) => (one.bar.value = loaded / total),
    });
    if (!all.has(one)) return;
    if (!problem) return stored(one, answer);
    state(one, problem, status);
    // What may be right another time: no connection, too many at once, a server that cannot now.
    if (status === 0 || status === 429 || status >= 500) {
      const again = make("button", { class: "plain", type: "button" }, words.tryAgain);
      again.addEventListener("click", () => (one.done = upload(one, { file, thumbnail, blurhash })));
      one.note.append(" ", again);
    }
  };
  const add = (files) => {
    for (const file of files) {
      if (isFull()) return toast(say(words.atMostPictures, { count: most }));
      const others = all.size + form.querySelectorAll(".kept :checked").length;
      if ((isVideo(file) && others > 0) || [...all].some((one) => one.isVideo) || form.querySelector(".kept .kind"))
        return toast(words.oneVideo);
      const one = line(isVideo(file) ? videoSign() : make("canvas", { width: 1, height: 1, "aria-hidden": "true" }));
      one.done = prepared(file).then((ready) => {
        if (ready.small) {
          ready.small.setAttribute("aria-hidden", "true");
          if (one.isVideo) one.item.firstChild.prepend(ready.small);
          else one.item.firstChild.replaceWith(ready.small);
        }
        return all.has(one) && upload(one, ready);
      });
    }
  };
  const take = (one) => {
    all.delete(one);
    one.item.remove();
    one.call?.abort();
    if (!one.named.disabled) callApi(form, "DELETE", `/api/v1/media/${one.named.value}`);
    changed();
  };

  if (most > 0) {
    const chooser = make("input", { id: `${form.id}-add`, type: "file", accept: pictureTypes, multiple: "" });
    const hint = make("p", { class: "hint", id: `${form.id}-add-hint` }, words.pasteOrDrop);
    chooser.setAttribute("aria-describedby", hint.id);
    box.querySelectorAll(".plainly").forEach((one) => one.remove());
    box.append(list, make("div", { class: "field" }, make("label", { for: chooser.id }, words.addPictures), hint, chooser));
    // Files are on the site already when the form is sent.
    form.enctype = "application/x-www-form-urlencoded";
    chooser.addEventListener("change", () => {
      add(chooser.files);
      chooser.value = "";
    });
    text.addEventListener("paste", (event) => {
      const { files, types } = event.clipboardData;
      // Word processors put a picture of what is copied beside its text.
      if (files.length === 0 || types.includes("text/plain")) return;
      event.preventDefault();
      add(files);
    });
    form.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      form.classList.add("dropping");
    });
    form.addEventListener("dragleave", () => form.classList.remove("dropping"));
    form.addEventListener("drop", (event) => {
      form.classList.remove("dropping");
      if (event.dataTransfer.files.length === 0) return;
      event.preventDefault();
      add(event.dataTransfer.files);
    });
  }

  return {
    ids: () => [...all].filter((one) => !one.named.disabled).map((one) => one.named.value),
    /** When all are stored and described: whether nothing went wrong. */
    async settle() {
      await Promise.all([...all].map(async (one) => {
        await one.done;
        await describe(one);
      }));
      return [...all].every((one) => one.note.textContent === "");
    },
    /** Those of a draft that are still to be had. */
    async restore(ids) {
      for (const id of ids.slice(0, most)) {
        const { answer, problem } = await callApi(form, "GET", `/api/v1/media/${id}`);
        if (problem) continue;
        const still = answer.preview_url && smallPicture(answer.preview_url);
        const one = line(answer.type === "video" ? videoSign(...(still ? [still] : [])) : still);
        one.alt.value = answer.description ?? "";
        stored(one, answer);
      }
    },
    discard: () => all.forEach(take),
    /** They stand on a post now. */
    clear() {
      all.clear();
      list.replaceChildren();
      box?.removeAttribute("open");
    },
  };
}
