// What is to be sent. A form that says `data-offline` is sealed and laid down at the moment it is sent, and taken away
// when the server has answered; so neither a lost line nor a killed tab loses it. The key in the form makes sure that
// it is done once, however often it is sent.
import { contact, ours } from "./contact.js";
import { joined, known, letterTo, shutWords, unshutWords } from "./sealing.js";
import * as pages from "./pages.js";
import * as store from "./store.js";

const text = new TextEncoder();
const OURS = ["csrfmiddlewaretoken", "offline"];
const CASE = /^\/field\/([A-Z]\w*)\/[a-z_]+$/;
const LONGEST = 15_000;
const SLOWEST = 8; // bytes in a millisecond
const MOST = 38 * 1024 * 1024;
const SENT_HOURS = 24;
const FAULT = "fault";
const MOST_FAULTS = 3;
const underWay = new Set();

export class TooLarge extends Error {}

const inOrder = (one, other) => one.seq - other.seq;
const about = (mine, item) => unshutWords(mine, item.about, `about ${item.id}`);

// ---- a form on its way

// The form as a letter, and what is said of it in the list. Null for one that is not for this.
async function written(request, form, mine) {
  const told = JSON.parse(form.get("offline"));
  const { pathname, search } = new URL(request.url);
  const fields = [...form].filter(([name, value]) => typeof value === "string" && !OURS.includes(name));
  const files = [...form].filter(([, value]) => typeof value !== "string" && value.size);
  const sizes = files.map(([, file]) => file.size);
  if (sizes.reduce((sum, size) => sum + size, 0) > MOST) throw new TooLarge();
  const typed = fields.filter(([name, value]) => value.trim() && (name === "text" || name === "note")).map(([, value]) => value);
  const matter = CASE.exec(pathname)?.[1] ?? "";
  return {
    files: files.map(([, file]) => file),
    digest: await digest(JSON.stringify([pathname, fields, sizes])),
    head: {
      path: pathname,
      query: search.slice(1),
      at: Date.now(),
      fields,
      files: files.map(([field, file]) => ({ field, name: file.name.slice(0, 100), type: file.type, size: file.size })),
    },
    told: { ...told, typed: typed.join(" ").slice(0, 2000), files: files.length, path: pathname, matter, owner: mine.owner },
  };
}

async function digest(said) {
  return [...new Uint8Array(await crypto.subtle.digest("SHA-256", text.encode(said)))].join(" ");
}

// Lays a form down. `again`: the same lies here already. `anew`: its key was used for something else (a page that was
// gone back to), so it has a key of its own now.
export async function lay(request, form) {
  const mine = await known();
  if (!mine || !form.get("key")) return null;
  const made = await written(request, form, mine);
  const items = (await store.every("items")).sort(inOrder);
  let id = String(form.get("key"));
  if (!(await settlesIt(mine, items, made.told))) made.told.settles = "";
  const before = items.find((item) => item.id === id);
  if (before && (await about(mine, before))?.digest === made.digest) return { id, again: true, told: made.told };
  if (before) {
    id = crypto.randomUUID();
    made.head.fields = made.head.fields.map(([name, value]) => [name, name === "key" ? id : value]);
  }
  made.head.after = await earlier(mine, items, made.told);
  const item = { id, owner: mine.owner, at: made.head.at, seq: Math.max(0, ...items.map((one) => one.seq)) + 1, state: "trying" };
  const head = text.encode(JSON.stringify(made.head));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, head.byteLength);
  const contents = await Promise.all(made.files.map((file) => file.arrayBuffer()));
  item.sealed = await letterTo(mine.seal, joined(length, head, ...contents), mine.owner);
  item.about = await shutWords(mine, { ...made.told, digest: made.digest }, `about ${id}`);
  underWay.add(id);
  await roomy(() => store.put("items", item));
  return { id, anew: Boolean(before), told: made.told };
}

// Other forms on the page of one that was refused do not take its place.
async function settlesIt(mine, items, told) {
  const refused = items.find((item) => item.id === told.settles);
  return Boolean(refused) && (await about(mine, refused))?.path === told.path;
}

// The form before it in the same matter that has not been sent either.
async function earlier(mine, items, told) {
  let found = "";
  if (!told.matter) return found;
  for (const item of items) {
    if (item.owner !== mine.owner || item.state === "sent" || item.id === told.settles) continue;
    if ((await about(mine, item))?.matter === told.matter) found = item.id;
  }
  return found;
}

// A full telephone gives up the pages it keeps before it refuses what somebody wrote.
async function roomy(write) {
  try {
    return await write();
  } catch (error) {
    if (error?.name !== "QuotaExceededError") throw error;
    await pages.empty();
    return write();
  }
}

// The server has answered the form itself, whatever it said: its page is on the screen.
export async function answered(laid, taken) {
  underWay.delete(laid.id);
  await store.drop("items", laid.id);
  if (taken && laid.told.settles) await store.drop("items", laid.told.settles);
}

// No answer: it waits, and takes the place of what it settles.
export async function waits(laid) {
  underWay.delete(laid.id);
  const item = await store.get("items", laid.id);
  if (item && item.state === "trying") await store.put("items", { ...item, state: "waiting" });
  if (laid.told.settles) await store.drop("items", laid.told.settles);
  await self.registration.sync?.register("outbox").catch(() => {});
}

// How long an answer may take; what is large on a slow line gets longer.
export const patience = (form) =>
  LONGEST + [...form].reduce((sum, [, value]) => sum + (value.size ?? 0), 0) / SLOWEST;

// ---- sending later: one after the other, in the order in which it was written

let sending = null;

export function send() {
  sending ??= sendAll().finally(() => (sending = null));
  return sending;
}

async function sendAll() {
  const mine = await contact();
  if (!mine) return false;
  const stuck = new Set();
  let sent = false;
  for (const item of (await store.every("items")).sort(inOrder)) {
    if (item.state === "sent" && Date.now() - item.at > SENT_HOURS * 3_600_000) await store.drop("items", item.id);
    const due = item.owner === mine.owner && (item.state === "waiting" || (item.state === "trying" && !underWay.has(item.id)));
    const { matter } = (await about(mine, item)) ?? {};
    if (!due || stuck.has(matter)) continue;
    const answer = await post(item);
    if (answer === FAULT && (await failed(item)) >= MOST_FAULTS) {
      if (matter) stuck.add(matter);
      continue;
    }
    if (!answer || answer === FAULT) return sent;
    if ((await settle(item, answer)) === "sent") sent = true;
  }
  return sent;
}

// How often the server has failed at this one: it must not hold up for ever what lies behind it.
async function failed(item) {
  const faults = (item.faults ?? 0) + 1;
  await store.put("items", { ...item, faults });
  return faults;
}

// Null when nothing came back that is the server's own word; `FAULT` when the server failed at it.
async function post(item) {
  try {
    const headers = { "X-Yizhi-Clock": String(Date.now()), "Content-Type": "application/octet-stream" };
    const answer = await fetch("/field/outbox", { method: "POST", headers, body: item.sealed, redirect: "error" });
    if (answer.status === 500) return FAULT;
    return ours(answer, "taken", "refused") && answer.status !== 429 && answer.status < 500 ? answer : null;
  } catch {
    return null;
  }
}

async function settle(item, answer) {
  const mine = await known();
  const told = (await about(mine, item)) ?? { path: answer.headers.get("Content-Location") };
  if (ours(answer, "taken")) {
    const { url } = await answer.json();
    const { sealed, ...kept } = item;
    const said = mine ? await shutWords(mine, { ...told, url }, `about ${item.id}`) : null;
    await store.put("items", { ...kept, state: "sent", done: Date.now(), about: said });
    return "sent";
  }
  const path = answer.headers.get("Content-Location") ?? told.path ?? "/field/waiting";
  const html = await answer.text();
  const said = mine ? await shutWords(mine, { ...told, path, why: why(html) }, `about ${item.id}`) : null;
  await store.put("items", { ...item, state: "refused", about: said });
  await pages.keep(`${path}?waiting=${item.id}`, html).catch(() => {});
  return "refused";
}

// The sentence of a refusal, off the page that tells it.
function why(html) {
  const found = /id="refused"[^>]*>\s*<strong>(.*?)<\/strong>/s.exec(html) ?? /<h1[^>]*>(.*?)<\/h1>/s.exec(html);
  return (found?.[1] ?? "").replace(/<[^>]*>/g, "").trim();
}

// One that was refused is tried once more when somebody opens it: what was in the way may be gone.
export async function again(id) {
  const item = await store.get("items", id);
  const mine = await contact();
  if (!item?.sealed || !mine || item.owner !== mine.owner) return null;
  const answer = await post(item);
  if (!answer || answer === FAULT) return null;
  await settle(item, answer.clone());
  return answer;
}

// ---- what the pages show

export async function state() {
  const mine = await known();
  const items = (await store.every("items")).sort(inOrder);
  const list = [];
  for (const item of items) {
    if (mine && item.owner !== mine.owner) continue;
    const { digest, owner, ...told } = (await about(mine, item)) ?? {};
    list.push({ id: item.id, at: item.at, done: item.done, state: item.state === "trying" ? "waiting" : item.state, told });
  }
  return { known: Boolean(mine), items: list, others: items.length - list.length, until: mine?.until ?? 0 };
}

export const giveUp = (id) => store.drop("items", id);
