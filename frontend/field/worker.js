// The field without a line. Everything here is a layer: a page is the server's, a form goes the way it always went, and
// only where no answer comes does the telephone give what it kept, and keep what was to be sent.
import { cleanupOutdatedCaches, precacheAndRoute } from "workbox-precaching";
import { registerRoute, setCatchHandler } from "workbox-routing";
import { contact, leave, leaving } from "./contact.js";
import * as outbox from "./outbox.js";
import * as pages from "./pages.js";

const FIELD = "/field/";
const PATIENCE = 7_000;
const APART = 30_000;

precacheAndRoute(self.__ASSETS, { directoryIndex: null, cleanURLs: false });
cleanupOutdatedCaches();

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(pages.keepShell().catch(() => {}));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const late = (milliseconds) => new Promise((_, failed) => setTimeout(() => failed(new Error("late")), milliseconds));
const broken = (answer) => answer.type !== "opaqueredirect" && answer.status >= 500;
// The session has ended, or it is too much at once: the same form can be taken later, with its photos.
const later = (answer) => [401, 403, 429].includes(answer.status);
const field = ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith(FIELD);

// ---- reading

// What was kept is shown when no answer comes in time; what arrives later is kept for the next time.
async function shown(event, url) {
  const asked = leave().then(() => fetch(event.request));
  const kept = () => pages.page(url).catch(() => null);
  try {
    const answer = await Promise.race([asked, late(PATIENCE).catch(async (error) => ((await kept()) ? Promise.reject(error) : asked))]);
    if (broken(answer)) throw new Error("broken");
    if (answer.ok && answer.headers.get("Content-Type")?.startsWith("text/html")) {
      event.waitUntil(pages.opened(url, answer.clone()).catch(() => {}));
    }
    return answer;
  } catch {
    return (await kept()) ?? (await pages.shell()) ?? Response.error();
  }
}

// Something that was refused: tried once more, and the page that says why.
async function disputed(event, url) {
  const answer = await outbox.again(url.searchParams.get("waiting")).catch(() => null);
  event.waitUntil(tell());
  if (answer?.ok) return Response.redirect((await answer.json()).url || FIELD, 303);
  return answer ?? shown(event, url);
}

registerRoute(
  (asked) => field(asked) && asked.request.mode === "navigate" && asked.url.pathname !== "/field/waiting",
  ({ event, url }) => (url.searchParams.has("waiting") ? disputed(event, url) : shown(event, url)),
);
registerRoute(
  (asked) => field(asked) && asked.url.pathname === "/field/waiting",
  async ({ event }) => fetch(event.request).catch(async () => (await pages.shell()) ?? Response.error()),
);
registerRoute(
  (asked) => field(asked) && asked.request.headers.get("HX-Request") === "true",
  async ({ event, url }) => fetch(event.request).catch(async () => (await pages.part(url)) ?? Response.error()),
);
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && /^\/photo\/\w+\/small\/$/.test(url.pathname),
  async ({ event, url }) => fetch(event.request).catch(async () => (await pages.photo(url)) ?? Response.error()),
);
// A style sheet of an older page: the one we have is better than none.
setCatchHandler(async ({ request }) => (await caches.match(request, { ignoreSearch: true })) ?? Response.error());

// ---- sending

registerRoute(field, ({ event }) => posted(event), "POST");

async function posted(event) {
  const { request } = event;
  const form = await request.clone().formData().catch(() => null);
  if (!form?.has("offline") || new URL(request.url).pathname === "/field/outbox") return fetch(request);
  const laying = outbox.lay(request, form).then((laid) => ({ laid }), (error) => ({ error }));
  const going = fetch(request).then((answer) => (broken(answer) ? null : answer)).catch(() => null);
  const answer = await Promise.race([going, late(outbox.patience(form)).catch(() => null)]);
  const { laid, error } = await laying;
  if (answer && !(laid && later(answer))) {
    if (laid) event.waitUntil(outbox.answered(laid, answer.type === "opaqueredirect" || answer.ok).then(tell));
    return answer;
  }
  if (!laid) return error ? full(event, error) : Response.error();
  await outbox.waits(laid);
  event.waitUntil(tell());
  return onward(request, whither(request, laid));
}

// It could not be kept: the page stays as it is, with everything typed and chosen, and says so.
async function full(event, error) {
  const client = await self.clients.get(event.clientId);
  client?.postMessage({ full: error instanceof outbox.TooLarge ? "large" : "here" });
  return new Response(null, { status: 204 });
}

const NUMBERED = /^\/field\/[a-z]+\/\d+\//;

// Back to the list, the matter, or the round or visit that the form belongs to; everything else leads to what waits.
function whither(request, { id, told }) {
  const from = request.referrer && new URL(request.referrer).pathname;
  const [place] = told.matter ? [`/field/${told.matter}/`] : (NUMBERED.exec(told.path) ?? []);
  if (place) return from === FIELD ? FIELD : place;
  return `/field/waiting?kept=${id}`;
}

function onward(request, to) {
  const whole = request.headers.get("HX-Request") !== "true";
  return whole ? Response.redirect(to, 303) : new Response(null, { headers: { "HX-Redirect": to } });
}

// ---- what the pages ask for

async function tell() {
  const state = await outbox.state();
  for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage({ state });
}

let refreshed = 0;

async function inTouch(force) {
  const sent = await outbox.send();
  await tell();
  if (!sent && !force && Date.now() - refreshed < APART) return;
  if (!(await contact())) return;
  refreshed = Date.now();
  await pages.refresh(sent);
}

const DOES = {
  state: tell,
  sync: () => inTouch(false),
  wipe: ({ form }) => leaving(form).then(tell),
  drop: ({ id }) => outbox.giveUp(id).then(tell),
};

self.addEventListener("message", (event) => {
  const does = DOES[event.data?.does];
  if (!does) return;
  event.waitUntil(does(event.data).catch(() => {}).then(() => event.ports[0]?.postMessage("done")));
});
self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(inTouch(true));
});
