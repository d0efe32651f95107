// Shows what is pushed to this browser, and opens it. It runs without a page, and keeps nothing.
"use strict";

self.addEventListener("push", (event) => {
  const told = event.data.json();
  event.waitUntil(
    self.registration.showNotification(told.title, {
      body: told.body,
      icon: told.icon,
      lang: told.preferred_locale,
      // What comes twice stands in its own place.
      tag: `${told.notification_type}-${told.notification_id}`,
      data: told.path,
    }),
  );
});

async function open(path) {
  const here = await self.clients.matchAll({ type: "window" });
  const shown = here.find((page) => new URL(page.url).pathname === path);
  return shown ? shown.focus() : self.clients.openWindow(path);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});
