// Long lists go on by themselves, and a reader who comes back is where he was.

const list = document.querySelector("[data-list]");
const firstPath = location.pathname + location.search;
const isFirstPage = !new URLSearchParams(location.search).has("max_id");

/** Beyond them one asks for more, so that the page's end can be reached. */
const pagesByThemselves = 5;

/** The path of the page that an entry came with. */
const pathOf = new WeakMap();
let [pagesAdded, isLoading, settling] = [0, false, 0];

const entriesIn = (where) => [...where.querySelectorAll("article, .accounts > li")];
const nameOf = (entry) => entry.id || entry.querySelector(".who").getAttribute("href");
const entries = () => entriesIn(list).filter((entry) => !entry.hidden);
const linkToMore = () => list.querySelector(".pager [rel=next]");
const pagerIn = (where) => where.querySelector(".pager");

/** Puts those entries that the list lacks before its pager, or before another element of it. */
function addEntries(found, path, before) {
  const known = new Set(entriesIn(list).map(nameOf));
  const added = found.filter((entry) => !known.has(nameOf(entry)));
  for (const entry of added) {
    pathOf.set(entry, path);
    placehold(entry);
  }
  if (added[0]?.matches("li")) list.querySelector(".accounts").append(...added);
  else if (before) before.before(...added);
  else list.append(...added);
  return added;
}

async function showMore(byHand) {
  const link = linkToMore();
  if (!link || isLoading) return;
  isLoading = true;
  link.setAttribute("aria-busy", "true");
  const path = link.getAttribute("href");
  const more = (await readPage(path))?.querySelector("[data-list]");
  isLoading = false;
  link.removeAttribute("aria-busy");
  if (!more) {
    // The link's own way says what is the matter.
    if (byHand) location.assign(path);
    return;
  }
  const pager = pagerIn(list);
  const next = pagerIn(more);
  const added = addEntries(entriesIn(more), path, pager);
  if (next) pager.replaceWith(next);
  else pager.remove();
  pagesAdded = byHand ? 0 : pagesAdded + 1;
  ends.disconnect();
  watchEnd();
  if (byHand && added[0]) focusOn(added[0]);
  tell(say(words.more, { count: added.length }));
}

const ends = new IntersectionObserver((seen) => seen.at(-1).isIntersecting && showMore(false), { rootMargin: "800px" });

function watchEnd() {
  const link = linkToMore();
  if (link && pagesAdded < pagesByThemselves) ends.observe(link);
}

function firstInView() {
  return entries().find((entry) => entry.getBoundingClientRect().bottom > 0);
}

/** The page's address becomes that of the page whose entries are looked at. */
function notePlace() {
  const entry = scrollY > 0 && firstInView();
  const place = entry ? { entry: nameOf(entry), top: entry.getBoundingClientRect().top } : null;
  history.replaceState(place, "", (entry && pathOf.get(entry)) || firstPath);
}

function returnToPlace() {
  const place = history.state;
  const entry = place && entriesIn(list).find((one) => nameOf(one) === place.entry);
  if (!entry) return;
  scrollBy(0, entry.getBoundingClientRect().top - place.top);
  entry.tabIndex = -1;
}

if (list) {
  history.scrollRestoration = "manual";
  returnToPlace();
  watchEnd();
  addEventListener("scroll", () => {
    clearTimeout(settling);
    settling = setTimeout(notePlace, 150);
  });
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest("a[href]");
      if (!link) return;
      const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
      if (isPlain && link === linkToMore()) {
        event.preventDefault();
        showMore(true);
      } else if (!link.getAttribute("href").startsWith("#")) {
        notePlace();
      }
    },
    true,
  );
}
