// One stream of the home timeline and of what others did says when to count what is new; where none is to be had, the page goes on asking by itself.

/** Signs of life come every 15 seconds. */
const longestQuiet = 45_000;
/** A tab that nobody looks at for so long lets go of it. */
const longestUnseen = 300_000;
const bell = new BroadcastChannel("rookery:home");
const ringing = {};
let asked = Promise.resolve();
let [stream, isTrying, isResting, failures, unseen] = [null, false, false, 0, 0];

/** Not at once: all who are told of a post at the same time would ask at the same time. */
function soon(count) {
  ringing[count.name] ||= setTimeout(() => {
    ringing[count.name] = 0;
    asked = asked.then(count, count);
  }, 500 * Math.random());
}

/** For an event of the stream; for none, where anything may have come. */
function ring(event) {
  if (isHome && event !== "notification") soon(countNew);
  if (event !== "update" && event !== "delete") soon(countTold);
}

/** The cookie says whose home it is, the form's token that a page of this site asks. Answers when the stream ends; false where there will be none. */
async function listen() {
  const control = (stream = new AbortController());
  let [quiet, rest, answer] = [0, "", null];
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
        const lines = (rest + part.value).split("\n");
        rest = lines.pop();
        for (const line of lines.filter((one) => one.startsWith("event: "))) {
          ring(line.slice(7));
          bell.postMessage(line.slice(7));
        }
      }
    }
  } catch {
    // The way broke, or was let go of.
  }
  clearTimeout(quiet);
  if (isTold) ring();
  // It is tried ever more seldom.
  else soon(countTold);
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

if (account) {
  bell.addEventListener("message", ({ data }) => ring(data));
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
