// New posts of the home timeline: told of as they come, shown where the reader wants them, above what is there.

const isHome = Boolean(account && list && isFirstPage && location.pathname === "/home");
const usualPause = 30_000;
const longestPause = 600_000;
const title = document.title;
const pill = make("button", { class: "button pill", type: "button", hidden: "" });
let [pause, tag, polling, isCounting, isTold] = [usualPause, "", 0, false, false];

const newestShown = () => list.querySelector("article")?.id.slice("post-".length);

function offer(count, more) {
  const text = more ? say(words.newPosts.other, { count: `${count}+` }) : say(words.newPosts, { count });
  document.title = count > 0 ? `(${count}${more ? "+" : ""}) ${title}` : title;
  if (count > 0 && pill.textContent !== text) tell(text);
  pill.textContent = text;
  pill.hidden = count === 0;
}

async function countNew() {
  clearTimeout(polling);
  if (isCounting) return;
  isCounting = true;
  const newest = newestShown();
  const goesOn = await ask(newest);
  isCounting = false;
  // Seldom where it is told when to, and ever more seldom in a tab that nobody looks at.
  pause = isTold ? longestPause : document.hidden ? Math.min(2 * pause, longestPause) : usualPause;
  if (goesOn) polling = setTimeout(countNew, pause);

  async function ask(since) {
    try {
      const answer = await fetch(since ? `/home/new?since_id=${since}` : "/home/new", {
        headers: { Accept: "application/json", ...(tag && { "If-None-Match": tag }) },
      });
      if (answer.status === 200) {
        const { count, more } = await answer.json();
        // Meanwhile they may have been shown.
        if (since === newestShown()) {
          tag = answer.headers.get("ETag");
          // Who is offered the way up keeps it until something comes.
          if (count > 0 || pill.textContent !== words.toNewest) offer(count, more);
        }
      }
      // 204 leads to the log-in: the session has ended.
      return answer.status !== 204;
    } catch {
      return true;
    }
  }
}

/** Shows what is new above what is there, which stays where it is, unless its beginning is in view. Answers the page that has it, if it could be read. */
async function showNewer() {
  const page = await readPage("/home");
  if (!page) {
    toast(words.notLoaded);
    return null;
  }
  const found = entriesIn(page.querySelector("[data-list]"));
  const first = list.querySelector("article");
  const known = found.findIndex((entry) => document.getElementById(entry.id));
  const fresh = known < 0 ? found : found.slice(0, known);
  const before = first?.getBoundingClientRect().top ?? 0;
  addEntries(fresh, firstPath, first);
  document.querySelector("main > .empty")?.remove();
  const rest = page.querySelector("[data-list] .pager [rel=next]");
  if (known < 0 && first && rest) first.before(gapTo(rest.getAttribute("href")));
  if (!first && pagerIn(page)) list.append(pagerIn(page));
  tag = "";
  offer(0, false);
  if (first && before < 0) {
    scrollBy(0, first.getBoundingClientRect().top - before);
    leadUp();
  }
  return page;
}

/** Between a page of new posts and what is there may lie more than a page. */
function gapTo(path) {
  const link = make("a", { class: "button quiet", href: path }, words.postsBetween);
  const gap = make("p", { class: "gap" }, link);
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const page = await readPage(link.getAttribute("href"));
    if (!page) return location.assign(link.href);
    const found = entriesIn(page.querySelector("[data-list]"));
    const known = found.findIndex((entry) => document.getElementById(entry.id));
    const added = addEntries(known < 0 ? found : found.slice(0, known), link.getAttribute("href"), gap);
    const rest = page.querySelector("[data-list] .pager [rel=next]");
    if (known < 0 && rest) link.setAttribute("href", rest.getAttribute("href"));
    else gap.remove();
    tell(say(words.more, { count: added.length }));
    if (added[0]) focusOn(added[0]);
  });
  return gap;
}

/** The new ones lie above the edge. */
function leadUp() {
  pill.textContent = words.toNewest;
  pill.hidden = false;
}

pill.addEventListener("click", async () => {
  if (pill.textContent !== words.toNewest) {
    pill.hidden = true;
    await (told() ? showTold() : showNewer());
    if (!pill.hidden) return;
  }
  pill.hidden = true;
  scrollTo({ top: 0 });
  const newest = (list ?? told()).querySelector("article, .told > li");
  if (newest) focusOn(newest);
});

if (isHome || told()) document.getElementById("main").prepend(pill);
if (isHome) {
  polling = setTimeout(countNew, usualPause);
  document.addEventListener("visibilitychange", () => document.hidden || countNew());
} else if (list && !isFirstPage && pagerIn(list)?.querySelector("a:not([rel])")) {
  const first = pagerIn(list).querySelector("a:not([rel])");
  document.getElementById("main").prepend(make("a", { class: "button pill", href: first.getAttribute("href") }, words.toNewest));
}
