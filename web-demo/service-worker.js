// The page without a network: all files of a build are kept when it is first opened. The build fills in their names.

const CACHE = `fermata-${"VERSION"}`;
const FILES = ["FILES"];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(FILES))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const removeOld = async () => {
    for (const name of await caches.keys())
      if (name.startsWith("fermata-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(removeOld());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  // The page itself: the newest if there is a network, so that a new build is seen at once.
  const isPage = event.request.mode === "navigate";
  const kept = () => caches.match(isPage ? "./" : event.request, { ignoreSearch: true });
  // A file of this build that is large and not wanted by everybody: kept once it was fetched. Its name changes with its content.
  const fetchAndKeep = async () => {
    const response = await fetch(event.request);
    if (response.ok && url.pathname.includes("/assets/types-")) {
      const cache = await caches.open(CACHE);
      await cache.put(event.request, response.clone());
    }
    return response;
  };
  event.respondWith(isPage ? fetch(event.request).catch(kept) : kept().then((found) => found ?? fetchAndKeep()));
});
