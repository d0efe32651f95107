// Keys, for who has them on: never while one types, and never with another key held.

const typing = "input, textarea, select, [contenteditable]";
const keys = {
  j: { does: "Next post", act: () => step(1) },
  k: { does: "Post before", act: () => step(-1) },
  o: { does: "Open the post", act: () => press(".when") },
  l: { does: "Like it", act: () => press(".like") },
  b: { does: "Repost it", act: () => press(".repost") },
  r: { does: "Reply to it", act: () => press("a[href$='#reply']") },
  n: { does: "Write a post", act: write },
  ".": { does: "Show new posts", act: () => pill.isConnected && !pill.hidden && pill.click() },
  "/": { does: "Search", act: () => document.getElementById("q").focus() },
  "?": { does: "This list", act: help },
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
    make("h2", { id: "keys-title" }, "Keyboard shortcuts"),
    make("dl", {}, ...rows),
    make("p", { class: "check" }, isOn, make("label", { for: "keys-on" }, "These keys are on")),
    make("form", { method: "dialog" }, make("button", { class: "button" }, "Close")),
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
