// What was written and not posted yet, kept in this browser for each account and each post that is answered.

const draftDays = 30;

/**
 * A draft that was sent without an answer may have been posted all the same: it keeps the key under which it was sent, so that sending it again posts
 * nothing twice.
 */
function draftOf(form, fields, pictures) {
  const name = `draft:${account}:${form.elements.in_reply_to?.value ?? "new"}`;
  const isTouched = () =>
    pictures.ids().length > 0 ||
    [fields.text, fields.spoiler_text].some((field) => field.value !== field.defaultValue && field.value.trim() !== "");
  return {
    keep(isSent = false) {
      if (!isTouched()) return shelf.drop(name);
      shelf.put(name, {
        text: fields.text.value,
        pictures: pictures.ids(),
        warning: fields.spoiler_text.value,
        visibility: fields.visibility?.value,
        key: isSent ? fields.key.value : shelf.get(name)?.key,
        at: Date.now(),
      });
    },
    drop: () => shelf.drop(name),
    restore() {
      const kept = shelf.get(name);
      // What the browser or the site has put there is newer.
      if (!kept || fields.text.value !== fields.text.defaultValue || fields.text.ariaInvalid) return;
      fields.text.value = kept.text;
      if (kept.warning) {
        fields.spoiler_text.value = kept.warning;
        fields.spoiler_text.closest("details").open = true;
      }
      if (fields.visibility && kept.visibility !== undefined) fields.visibility.value = kept.visibility;
      if (kept.pictures?.length) pictures.restore(kept.pictures);
      if (kept.key) fields.key.value = kept.key;
      toast(words.draftBack, {
        label: words.discardDraft,
        undo() {
          shelf.drop(name);
          fields.text.value = fields.text.defaultValue;
          pictures.discard();
          fields.spoiler_text.value = fields.spoiler_text.defaultValue;
          fields.text.dispatchEvent(new Event("input", { bubbles: true }));
          fields.text.focus();
        },
      });
    },
  };
}

for (const name of shelf.names("draft:")) {
  if (!(Date.now() - shelf.get(name)?.at < draftDays * 24 * 60 * 60 * 1000)) shelf.drop(name);
}

// Whoever logs out leaves nothing for the next one at this browser.
document.addEventListener("submit", (event) => {
  if (/^\/(logout|settings\/(sessions|delete))$/.test(event.target.getAttribute("action"))) {
    shelf.names(`draft:${account}:`).forEach((name) => shelf.drop(name));
  }
});
