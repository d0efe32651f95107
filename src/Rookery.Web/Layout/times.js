// Times go on while a page stands open, and are those of the reader's clock.

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const exactly = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });
const everyHalfMinute = 30_000;

/** As the server says it on a new page. */
function ago(at, now) {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h`;
  if (minutes < 7 * 24 * 60) return `${Math.floor(minutes / (24 * 60))} d`;
  const day = `${at.getDate()} ${months[at.getMonth()]}`;
  return at.getFullYear() === now.getFullYear() ? day : `${day} ${at.getFullYear()}`;
}

function showTimes() {
  if (document.hidden) return;
  const now = new Date();
  for (const time of document.querySelectorAll(".when time")) {
    const at = new Date(time.dateTime);
    const text = ago(at, now);
    if (time.textContent !== text) time.textContent = text;
    time.title = exactly.format(at);
  }
}

setInterval(showTimes, everyHalfMinute);
document.addEventListener("visibilitychange", showTimes);
