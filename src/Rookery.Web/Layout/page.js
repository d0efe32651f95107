// What all parts of the script use. The pages do everything without it; it spares loading them again.

const rules = new Intl.PluralRules(document.documentElement.lang);

/** A text of `words`, above all parts in the page's language, its places filled; of one with forms for numbers the form for `count`. */
function say(text, values = {}) {
  const form = typeof text === "string" ? text : (text[rules.select(values.count)] ?? text.other);
  return form.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** Whose page it is; undefined on pages for strangers. */
const account = document.body.dataset.account;

function make(tag, attributes, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

/** What this browser keeps between pages; nothing, where it is told to keep nothing. */
const shelf = {
  prefix: "rookery:",
  get(name) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + name));
    } catch {
      return null;
    }
  },
  put(name, value) {
    try {
      localStorage.setItem(this.prefix + name, JSON.stringify(value));
    } catch {
      // Full, or forbidden: then it is not kept.
    }
  },
  drop(name) {
    try {
      localStorage.removeItem(this.prefix + name);
    } catch {
      // Nothing is kept there.
    }
  },
  names(begin) {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(this.prefix + begin))
        .map((key) => key.slice(this.prefix.length));
    } catch {
      return [];
    }
  },
};

const heard = make("p", { class: "hidden", role: "status" });
const toasts = make("div", { class: "toasts", role: "status" });
document.body.append(heard, toasts);
document.documentElement.classList.add("scripted");

/** To who listens to the page. */
function tell(text) {
  heard.textContent = text;
}

/**
 * A message at the lower edge, for some seconds, which stand still while it is pointed at or has the focus.
 * `done` is called when they are over or the page is left, `undo` instead where its button is pressed.
 */
function toast(text, { seconds = 8, label, undo, done } = {}) {
  const shown = make("p", { class: "toast" }, make("span", {}, text));
  let [timer, isOver] = [0, false];
  const end = (then) => {
    isOver = true;
    clearTimeout(timer);
    removeEventListener("pagehide", over);
    shown.remove();
    then?.();
  };
  const over = () => end(done);
  const start = () => {
    clearTimeout(timer);
    // Its button loses the focus when it goes.
    if (!isOver) timer = setTimeout(over, seconds * 1000);
  };
  let button;
  if (label) {
    button = make("button", { class: "plain", type: "button" }, label);
    button.addEventListener("click", () => end(undo));
    shown.append(button);
  }
  for (const event of ["pointerenter", "focusin"]) shown.addEventListener(event, () => clearTimeout(timer));
  for (const event of ["pointerleave", "focusout"]) shown.addEventListener(event, start);
  addEventListener("pagehide", over);
  toasts.append(shown);
  start();
  return button;
}

/** Another page of the site, to take parts of; null where it is not to be had. */
async function readPage(path) {
  try {
    const answer = await fetch(path, { headers: { Accept: "text/html" } });
    return answer.ok && !answer.redirected
      ? new DOMParser().parseFromString(await answer.text(), "text/html")
      : null;
  } catch {
    return null;
  }
}

function focusOn(element) {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
