// Times go on while a page stands open, and are those of the reader's clock.

const months = words.timeMonthsShort.split(" ");
const exactly = new Intl.DateTimeFormat(words.locale, { dateStyle: "long", timeStyle: "short" });
const everyHalfMinute = 30_000;

/** As the server says it on a new page. */
function ago(at, now) {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return words.timeNow;
  if (minutes < 60) return say(words.timeMinutes, { count: minutes });
  if (minutes < 24 * 60) return say(words.timeHours, { count: Math.floor(minutes / 60) });
  if (minutes < 7 * 24 * 60) return say(words.timeDays, { count: Math.floor(minutes / (24 * 60)) });
  const date = { day: at.getDate(), month: months[at.getMonth()], year: at.getFullYear() };
  return say(date.year === now.getFullYear() ? words.timeDayOfYear : words.timeDayOfPast, date);
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

for (const time of document.querySelectorAll("time.exact")) time.textContent = exactly.format(new Date(time.dateTime));

setInterval(showTimes, everyHalfMinute);
document.addEventListener("visibilitychange", showTimes);
