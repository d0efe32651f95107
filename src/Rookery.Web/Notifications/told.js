// What others did: the number in the navigation goes with it, and the page that tells of it offers what is new.

const linkToTold = document.querySelector("nav a[href='/notifications']");
const told = () => document.querySelector("[data-newest]");

async function countTold() {
  const newest = told()?.dataset.newest;
  const page = await readPage(`/notifications/new${newest ? `?since_id=${newest}` : ""}`);
  // Meanwhile they may have been shown.
  if (!page || newest !== told()?.dataset.newest) return;
  const [link, text] = [page.querySelector("a"), page.querySelector("p").textContent];
  const unread = (where) => parseInt(where.querySelector(".unread")?.textContent ?? 0);
  if (unread(link) > unread(linkToTold)) tell(text);
  linkToTold.replaceChildren(...link.childNodes);
  if (newest) [pill.textContent, pill.hidden] = [text, !text];
}

/** In the place of what is there: what is new may belong to a line of it. */
async function showTold() {
  const fresh = (await readPage("/notifications"))?.querySelector("[data-newest]");
  if (fresh) told().replaceWith(fresh);
  else pill.hidden = false;
}
