// Like, repost and follow: buttons that know their opposite in data-toggle.

const underWay = new Set();
let isNative = false;

document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (isNative || !button?.dataset.toggle) return;
  event.preventDefault();
  const path = button.getAttribute("formaction");
  if (underWay.has(path) || underWay.has(button.dataset.toggle)) return;
  underWay.add(path);
  const sent = send(event.target, button);
  const same = [...document.querySelectorAll("button[data-toggle]")].filter(
    (one) => one.getAttribute("formaction") === path,
  );
  same.forEach(flip);
  const { next, problem } = await sent;
  underWay.delete(path);
  if (next && !isLogIn(next)) return;
  same.forEach(flip);
  if (problem) {
    toast(problem.detail);
  } else {
    isNative = true;
    event.target.requestSubmit(button);
    isNative = false;
  }
});

function flip(button) {
  const path = button.getAttribute("formaction");
  button.setAttribute("formaction", button.dataset.toggle);
  button.dataset.toggle = path;
  if (button.hasAttribute("aria-pressed")) {
    const isPressed = button.getAttribute("aria-pressed") === "true";
    button.setAttribute("aria-pressed", String(!isPressed));
    countOn(button, isPressed ? -1 : 1);
  }
  if (button.dataset.label) {
    const label = button.textContent;
    button.textContent = button.dataset.label;
    button.dataset.label = label;
    button.classList.toggle("quiet");
    countFollowers(button, path.endsWith("/unfollow") ? -1 : 1);
  }
}

/** Shortened numbers (1.2k) stay: one more or less is not seen in them. */
function countOn(button, by) {
  const last = button.lastChild;
  const shown = last.nodeType === Node.TEXT_NODE ? last : button.appendChild(new Text());
  const text = shown.data.trim();
  const count = Number(text) + by;
  if (/^\d*$/.test(text) && count < 1000) shown.data = count > 0 ? String(count) : "";
}

/** Of the profile that the button is on, where every single one is seen in it. */
function countFollowers(button, by) {
  const shown = button.closest(".profile")?.querySelector("a[href$='/followers'] strong");
  const count = Number(shown?.textContent || NaN) + by;
  if (!(count >= 0 && count < 1000)) return;
  shown.textContent = shown.title = count;
  // The number stands in an element of its own.
  shown.nextSibling.data = say(words.followers, { count }).replace(count, "");
}
