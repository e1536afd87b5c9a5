// Keeps the site's own files, so that it opens without a network. The texts are no concern of it: see copy.js.
const FILES = ["./", "index.html", "site.css", "site.js", "pages.js", "copy.js"];

addEventListener("install", (event) => event.waitUntil(caches.open("site").then((files) => files.addAll(FILES))));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const own = new URL(event.request.url).origin === location.origin;
  if (own) event.respondWith(fetch(event.request).catch(() => caches.match(event.request, { ignoreSearch: true })));
});
