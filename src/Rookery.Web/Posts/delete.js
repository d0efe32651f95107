// Deleting a post: it disappears at once, and is deleted when there was time to think better of it.

const secondsToUndo = 5;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-delete]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  // A key pressed the link, so the focus goes where it can go on.
  takeAway(link.getAttribute("href"), event.detail === 0);
});

function takeAway(path, isByKey) {
  const cards = [...document.querySelectorAll("article")].filter((card) =>
    card.querySelector(`a[data-delete][href="${path}"]`),
  );
  const show = (isShown) => cards.forEach((card) => (card.hidden = !isShown));
  show(false);
  const undo = toast(words.deleted, {
    seconds: secondsToUndo,
    label: words.undo,
    undo() {
      show(true);
      focusOn(cards[0]);
    },
    done: () => deleteNow(path, cards, show),
  });
  if (isByKey) undo.focus();
}

async function deleteNow(path, cards, show) {
  // Also when the page is being left: the browser then sends it all the same.
  const { next, problem } = await send(document.getElementById("act"), null, { path, keepalive: true });
  if (!next || isLogIn(next)) {
    show(true);
    toast(problem?.detail ?? words.notDeleted);
  } else if (cards[0].matches(".focused")) {
    location.replace(cards[0].querySelector(".who").getAttribute("href"));
  } else {
    cards.forEach((card) => card.remove());
  }
}
