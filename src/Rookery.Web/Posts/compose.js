// The box to write in: counts while one writes, keeps drafts, and posts once however often it is sent.

const warnBelow = 20;

for (const form of document.querySelectorAll("form.compose")) {
  const { text, spoiler_text: warning, key, visibility } = form.elements;
  const pictures = picturesOf(form, () => draft.keep());
  const draft = draftOf(form, form.elements, pictures);
  const shown = make("span", { class: "left", "aria-hidden": "true" });
  let [isBusy, waiting] = [false, 0];

  const showCount = () => {
    const left = form.dataset.limit - countText(text.value) - countLine(warning.value);
    shown.textContent = left;
    shown.classList.toggle("over", left < 0);
    clearTimeout(waiting);
    if (left <= warnBelow) {
      waiting = setTimeout(() => tell(left < 0 ? say(words.tooMany, { count: -left }) : say(words.left, { count: left })), 1000);
    }
  };
  const changed = () => {
    if (clusters) showCount();
    draft.keep();
  };
  const write = () => {
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
  };
  const busy = (isNow) => {
    isBusy = isNow;
    // What is sent is what stands there.
    text.readOnly = warning.readOnly = isNow;
    form.querySelector(".pictures")?.toggleAttribute("inert", isNow);
    form.setAttribute("aria-busy", String(isNow));
  };
  /** Not those of single pictures. */
  const clearErrors = () => form.querySelectorAll(":scope > .error, .field .error").forEach((one) => one.remove());
  const refuse = (problem) => {
    clearErrors();
    const isSpent = problem.type?.endsWith(":key-reused");
    if (isSpent) key.value = crypto.randomUUID();
    form.prepend(
      make(
        "p",
        { class: "error", role: "alert" },
        isSpent
          ? words.sentBefore
          : problem.detail,
      ),
    );
    text.focus();
  };
  /** True where the page stays. */
  const accepted = async (next) => {
    draft.drop();
    const page = isHome && next === location.pathname && (await showNewer());
    const fresh = page && page.querySelector("form.compose");
    form.reset();
    pictures.clear();
    form.querySelector(".warns").removeAttribute("open");
    if (!fresh) {
      location.assign(next);
      return false;
    }
    clearErrors();
    key.value = fresh.elements.key.value;
    if (clusters) showCount();
    tell(words.posted);
    return true;
  };

  if (clusters) text.closest(".field").append(shown);
  draft.restore();
  if (clusters) showCount();
  if (location.hash === `#${form.id}`) write();
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link?.hash !== `#${form.id}` || link.pathname !== location.pathname) return;
    event.preventDefault();
    write();
  });
  text.addEventListener("input", changed);
  warning.addEventListener("input", changed);
  visibility?.addEventListener("change", () => draft.keep());
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy) return;
    busy(true);
    if (!(await pictures.settle())) {
      busy(false);
      refuse({ detail: words.pictureNotReady });
      return;
    }
    draft.keep(true);
    const { next, problem } = await send(form, event.submitter);
    if (isLogIn(next)) {
      location.assign(next);
    } else if (next) {
      if (await accepted(next)) busy(false);
    } else {
      busy(false);
      refuse(problem ?? { detail: words.noAnswer });
    }
  });
  // A browser may show the page again as it was left.
  addEventListener("pageshow", () => busy(false));
}
