// Keys, for who has them on: never while one types, and never with another key held.

const typing = "input, textarea, select, [contenteditable]";
const keys = {
  j: { does: words.keyNext, act: () => step(1) },
  k: { does: words.keyBefore, act: () => step(-1) },
  o: { does: words.keyOpen, act: () => press(".when") },
  l: { does: words.keyLike, act: () => press(".like") },
  b: { does: words.keyRepost, act: () => press(".repost") },
  r: { does: words.keyReply, act: () => press("a[href$='#reply']") },
  n: { does: words.keyWrite, act: write },
  ".": { does: words.keyShowNew, act: () => pill.isConnected && !pill.hidden && pill.click() },
  "/": { does: words.keySearch, act: () => document.getElementById("q").focus() },
  "?": { does: words.keyHelp, act: help },
};

const current = () => document.activeElement.closest("article") ?? document.querySelector(".post.focused");

function step(by) {
  const all = [...document.querySelectorAll("main article:not([hidden])")];
  const at = all.indexOf(document.activeElement.closest("article"));
  const next = at >= 0 ? all[at + by] : list && firstInView();
  if (!next) return;
  focusOn(next);
  next.scrollIntoView({ block: "nearest" });
}

function press(selector) {
  current()?.querySelector(selector)?.click();
}

function write() {
  const text = document.querySelector("form.compose textarea");
  if (text) text.focus();
  else location.assign(account ? "/home#write" : "/login");
}

function help() {
  const isOn = make("input", { type: "checkbox", id: "keys-on" });
  isOn.checked = shelf.get("keys") !== false;
  isOn.addEventListener("change", () => shelf.put("keys", isOn.checked));
  const rows = Object.entries(keys).map(([key, { does }]) =>
    make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, does)),
  );
  const dialog = make(
    "dialog",
    { class: "keys", "aria-labelledby": "keys-title" },
    make("h2", { id: "keys-title" }, words.keys),
    make("dl", {}, ...rows),
    make("p", { class: "check" }, isOn, make("label", { for: "keys-on" }, words.keysOn)),
    make("form", { method: "dialog" }, make("button", { class: "button" }, words.close)),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  const isHeld = event.ctrlKey || event.metaKey || event.altKey;
  if (isHeld || event.isComposing || event.defaultPrevented || event.target.closest(typing)) return;
  if (!Object.hasOwn(keys, event.key) || document.querySelector("dialog[open]") || shelf.get("keys") === false) return;
  event.preventDefault();
  keys[event.key].act();
});

document.querySelector("[data-keys]").addEventListener("click", help);
