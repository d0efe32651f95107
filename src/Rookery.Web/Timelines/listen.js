// One stream of the home timeline says when to count what is new; where none is to be had, the page goes on asking by itself.

/** Signs of life come every 15 seconds. */
const longestQuiet = 45_000;
/** A tab that nobody looks at for so long lets go of it. */
const longestUnseen = 300_000;
const bell = new BroadcastChannel("rookery:home");
let [stream, isTrying, isResting, failures, unseen, ringing] = [null, false, false, 0, 0, 0];

/** Not at once: all who are told of a post at the same time would ask at the same time. */
function ring() {
  ringing ||= setTimeout(() => {
    ringing = 0;
    countNew();
  }, 500 * Math.random());
}

/** The cookie says whose home it is, the form's token that a page of this site asks. Answers when the stream ends; false where there will be none. */
async function listen() {
  const control = (stream = new AbortController());
  let [quiet, unread, answer] = [0, "", null];
  const heard = () => {
    clearTimeout(quiet);
    quiet = setTimeout(() => control.abort(), longestQuiet);
  };
  try {
    heard();
    answer = await fetch("/api/v1/streaming/user", {
      headers: { "Rookery-Form-Token": document.querySelector("[name=form_token]").value },
      signal: control.signal,
    });
    if (answer.ok) {
      [failures, isTold] = [0, true];
      // What came since the page was made.
      ring();
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        heard();
        const lines = (unread + part.value).split("\n");
        unread = lines.pop();
        if (lines.some((line) => line.startsWith("event:"))) {
          ring();
          bell.postMessage(0);
        }
      }
    }
  } catch {
    // The way broke, or was let go of.
  }
  clearTimeout(quiet);
  if (isTold) ring();
  [stream, isTold] = [null, false];
  return answer?.status !== 401;
}

/** One tab of a browser listens and rings for the others: there are few connections to a site. */
async function keepListening() {
  if (isTrying || isResting) return;
  isTrying = true;
  const goesOn = await (navigator.locks
    ? navigator.locks.request("rookery:home", { ifAvailable: true }, (mine) => !mine || listen())
    : listen());
  const wait = Math.min(60_000, 1000 * 2 ** failures++) * (0.5 + Math.random());
  if (goesOn)
    setTimeout(() => {
      isTrying = false;
      keepListening();
    }, wait);
}

if (isHome) {
  bell.addEventListener("message", ring);
  keepListening();
  addEventListener("pagehide", () => stream?.abort());
  document.addEventListener("visibilitychange", () => {
    clearTimeout(unseen);
    isResting = false;
    if (!document.hidden) keepListening();
    else
      unseen = setTimeout(() => {
        isResting = true;
        stream?.abort();
      }, longestUnseen);
  });
}
