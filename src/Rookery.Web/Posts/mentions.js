// Names of accounts, proposed behind an @ while one writes.

const begun = /(?:^|[^\p{L}\p{N}_@/])@([A-Za-z0-9_]{1,30})$/u;
const pauseBeforeAsking = 150;

for (const text of document.querySelectorAll("form.compose textarea")) {
  const names = make("ul", { class: "proposed", role: "listbox", id: `${text.id}-names`, "aria-label": words.accounts, hidden: "" });
  let [waiting, asked, chosen] = [0, "", 0];
  text.closest(".field").append(names);
  text.setAttribute("aria-autocomplete", "list");
  text.setAttribute("aria-controls", names.id);

  const nameBegun = () =>
    text.selectionStart === text.selectionEnd ? begun.exec(text.value.slice(0, text.selectionStart))?.[1] : undefined;
  const close = () => {
    clearTimeout(waiting);
    asked = "";
    names.hidden = true;
    names.replaceChildren();
    text.removeAttribute("aria-activedescendant");
  };
  const choose = (place) => {
    chosen = (place + names.children.length) % names.children.length;
    for (const [i, option] of [...names.children].entries()) option.setAttribute("aria-selected", String(i === chosen));
    text.setAttribute("aria-activedescendant", names.children[chosen].id);
  };
  const take = (option) => {
    const end = text.selectionStart;
    text.setRangeText(`${option.dataset.username} `, end - nameBegun().length, end, "end");
    close();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const show = (found) => {
    if (found.length === 0) return close();
    names.replaceChildren(
      ...found.map(({ username, name }, i) =>
        make(
          "li",
          { role: "option", id: `${names.id}-${i}`, "data-username": username },
          make("bdi", { class: "name" }, name),
          " ",
          make("span", { class: "handle", translate: "no" }, `@${username}`),
        ),
      ),
    );
    names.hidden = false;
    choose(0);
    tell(say(words.accountsFound, { count: found.length }));
  };
  const ask = async (begin) => {
    try {
      const answer = await fetch(`/names?q=${encodeURIComponent(begin)}`, { headers: { Accept: "application/json" } });
      // Another letter may have come meanwhile.
      if (asked === begin) show(answer.status === 200 ? await answer.json() : []);
    } catch {
      close();
    }
  };

  text.addEventListener("input", () => {
    const begin = nameBegun();
    if (!begin) return close();
    if (begin === asked) return;
    asked = begin;
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(begin), pauseBeforeAsking);
  });
  text.addEventListener("keydown", (event) => {
    if (names.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) take(names.children[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  text.addEventListener("blur", close);
  // Pressing a name must not take the focus from the text.
  names.addEventListener("pointerdown", (event) => event.preventDefault());
  names.addEventListener("click", (event) => take(event.target.closest("[role=option]")));
}
