// Pushes to this browser, switched on where their settings are shown. The only script of that page: it brings no words with it, they stand on its button.
"use strict";
{
  const button = document.querySelector("[data-push]");
  const said = document.querySelector("#push-said");

  /** What the push service has for this browser, made for the site's key. */
  const subscribe = async () => {
    await navigator.serviceWorker.register("/sw.js");
    const { pushManager } = await navigator.serviceWorker.ready;
    await (await pushManager.getSubscription())?.unsubscribe();
    return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: button.dataset.push });
  };

  /** What is wrong; nothing where it is done. */
  const switchOn = async () => {
    if ((await Notification.requestPermission()) !== "granted") return button.dataset.denied;
    const made = await subscribe();
    const { endpoint, keys } = made.toJSON();
    const alerts = { follow: true, mention: true, reblog: true, favourite: true, status: true };
    const answer = await fetch("/api/v1/push/subscription", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "Accept-Language": document.documentElement.lang,
        "Rookery-Form-Token": document.querySelector("[name=form_token]").value,
      },
      body: JSON.stringify({ subscription: { endpoint, keys, standard: true }, data: { alerts } }),
    });
    if (answer.ok) return "";
    await made.unsubscribe();
    return (await answer.json()).error;
  };

  if (button) {
    button.hidden = false;
    document.querySelector("#push-script").remove();
  }
  button?.addEventListener("click", async () => {
    button.disabled = true;
    // It has no push service, or none that answers.
    const wrong = await switchOn().catch(() => button.dataset.none);
    if (wrong === "") return location.reload();
    said.textContent = wrong;
    button.disabled = false;
  });
}
