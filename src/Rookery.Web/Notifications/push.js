// Pushes to this browser: switched on where their settings are shown.

const pushButton = document.querySelector("[data-push]");

/** What the push service has for this browser and this site, made for the site's key of today. */
async function subscribe(key) {
  await navigator.serviceWorker.register("/sw.js");
  const { pushManager } = await navigator.serviceWorker.ready;
  await (await pushManager.getSubscription())?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

pushButton?.addEventListener("click", async () => {
  pushButton.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") return toast(words.pushDenied);
    const made = await subscribe(pushButton.dataset.push);
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
    if (answer.ok) return location.reload();
    await made.unsubscribe();
    toast((await answer.json()).error);
  } catch {
    // It has no push service, or none that answers.
    toast(words.noPush);
  } finally {
    pushButton.disabled = false;
  }
});
