// Forms of the page, sent without leaving it.

/**
 * Sends what the form has, as its button would. Answers what follows: the `next` path that a browser would be shown, the `problem` that the site states
 * or that the way has, or neither where the answer means nothing to a script.
 */
async function send(form, button, { path, keepalive = false } = {}) {
  const fields = new FormData(form, button);
  const target = path ?? button?.getAttribute("formaction") ?? form.getAttribute("action");
  let answer;
  try {
    answer = await fetch(target, {
      method: "POST",
      body: form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields),
      headers: { Accept: "application/json" },
      keepalive,
    });
  } catch {
    return { problem: { detail: words.noConnection } };
  }
  if (answer.status === 204) return { next: answer.headers.get("Location") };
  if (!answer.headers.get("Content-Type")?.includes("json")) return {};
  return { problem: await answer.json() };
}

/** The session ended elsewhere: the form's own way leads to the log-in and back. */
function isLogIn(path) {
  return path?.startsWith("/login");
}
