// @ts-check
/* Keeps the field page of one plan, so that it opens with the network cut. Its scope is the plan's folder. */

const worker = /** @type {any} */ (self);
const FOLDER = new URL("./", worker.location.href);
const NAME = `jangkau-field${FOLDER.pathname}`;
const FILES = ["./", "manifest.webmanifest", "icon.svg"];
// Milliseconds that a slow network may take before what is kept is shown.
const PATIENCE = 4000;

/** @param {Request} request */
async function fetchAndKeep(request) {
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(NAME)).put(request, answer.clone());
  return answer;
}

/** The newest that there is: of the network, else what is kept. @param {Request} request */
async function answerWith(request) {
  const kept = await caches.match(request, { ignoreSearch: true, cacheName: NAME });
  if (!kept) return fetchAndKeep(request);
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  return Promise.race([fetchAndKeep(request).catch(() => kept), late]);
}

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES)).then(() => worker.skipWaiting()));
});
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(FOLDER.href)) event.respondWith(answerWith(request));
});
