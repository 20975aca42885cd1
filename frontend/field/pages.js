// What can be read without a line: today's list, the cases on it with the forms of their moves, their small photos, and
// the pages of the field that were opened. They come from the server as they are; nothing is drawn here.
import { known, shut, unshut } from "./sealing.js";
import * as store from "./store.js";

const text = new TextEncoder();
const words = new TextDecoder();
const HTML = "text/html; charset=utf-8";
const LIST = "/field/";
const ALWAYS = [LIST, "/field/new", "/field/me"];
const SHELL = "/field/waiting";
const SHELLS = "field-shell";
const AT_ONCE = 3;
const YOUNG = 600_000;
const NOT_KEPT = 'data-keep="no"';
const OF_TODAY = /^\/field\/(?:[A-Z]\w*|[a-z]+\/\d[\d/]*)\/$/;
const FORM = /^(\/field\/[A-Z]\w*\/)([a-z_]+)$/;
const ACT = '<div id="act"></div>';

export async function keep(path, content, mark = "", type = HTML) {
  const mine = await known();
  if (!mine) return;
  const sealed = await shut(mine, typeof content === "string" ? text.encode(content) : content, path);
  await store.put("pages", { path, mark, type, at: Date.now(), ...sealed });
}

async function read(path) {
  const mine = await known();
  const found = mine && (await store.get("pages", path));
  const content = found && (await unshut(mine, found, path));
  return content ? { ...found, content } : null;
}

// For room: the list and the forms stay.
export async function empty() {
  for (const path of await store.names("pages")) if (!ALWAYS.includes(path)) await store.drop("pages", path);
}

// ---- showing

// Each form gets keys of its own: the same page is shown many times.
const fresh = (html) => html.replace(/(name="key" value=")[0-9a-f]{32}/g, () => `name="key" value="${crypto.randomUUID().replace(/-/g, "")}`);

const answer = (content, type) => new Response(content, { headers: { "Content-Type": type, "Cache-Control": "no-store" } });

// The page says itself that it is an older one (scripts/offline.js).
const dated = (html, at) => html.replace("<html ", `<html data-kept="${at}" `);

export async function page(url) {
  const exact = url.searchParams.has("waiting") ? await read(url.pathname + url.search) : null;
  const found = exact ?? (await read(url.pathname));
  if (found) return answer(dated(fresh(whole(found)), found.at), HTML);
  const [, matter, move] = FORM.exec(url.pathname) ?? [];
  const behind = matter && (await read(matter));
  if (!behind) return null;
  const { page: html, forms } = JSON.parse(words.decode(behind.content));
  const shown = forms[move] ? html.replace(ACT, () => `<div id="act">${forms[move]}</div>`) : html;
  return answer(dated(fresh(shown), behind.at), HTML);
}

const whole = ({ type, content }) => (type === "application/json" ? JSON.parse(words.decode(content)).page : words.decode(content));

// The form of a move, for a page that asks for this part alone.
export async function part(url) {
  const [, matter, move] = FORM.exec(url.pathname) ?? [];
  const behind = matter && (await read(matter));
  const form = behind && JSON.parse(words.decode(behind.content)).forms[move];
  return form ? answer(fresh(form), HTML) : null;
}

export async function photo(url) {
  const found = await read(url.pathname);
  return found && answer(found.content, found.type);
}

// ---- the page that shows what waits: it says nothing of anybody, so it lies in the open and outlives the key

export async function shell() {
  const kept = await caches.match(SHELL);
  return kept ? answer(dated(await kept.text(), 0), HTML) : null;
}

export async function keepShell() {
  const answer = await fetch(SHELL, { cache: "no-store" });
  if (answer.ok) await (await caches.open(SHELLS)).put(SHELL, answer);
}

// ---- keeping

// A page that was opened. Cases come with their forms, so they are fetched on their own; what says so is not kept.
export async function opened(url, response) {
  const html = await response.text();
  if (url.pathname === LIST && !url.search) return keepDay(html);
  if (!html.includes(NOT_KEPT)) await keep(url.pathname, html);
}

async function fetched(path) {
  const answer = await fetch(path, { redirect: "error", cache: "no-store" });
  return answer.ok ? answer : null;
}

// Today's list, what it names (`data-keep="address mark"`), and the numbered pages that it leads to, such as a visit.
// What has the same mark as before, or no mark and is young, is not asked for again; what is no longer named goes.
// `anew`: something was sent, so nothing is young.
export async function keepDay(html, anew = false) {
  if (!(await known())) return;
  await keep(LIST, html);
  const named = new Map(ALWAYS.slice(1).map((path) => [path, ""]));
  for (const [, path] of html.matchAll(/href="(\/field\/[a-z]+\/\d+\/)"/g)) named.set(path, "");
  for (const [, path, mark] of html.matchAll(/data-keep="(\/[^" ]+)(?: ([^"]*))?"/g)) named.set(path, mark ?? "");
  const stay = new Set([...named.keys()].map((path) => path.replace(/kept$/, "")));
  const photos = new Set();
  await several([...named], async ([path, mark]) => {
    const said = await keepOne(path, mark, anew);
    for (const [one] of said.matchAll(/\/photo\/\w+\/small\//g)) photos.add(one);
  });
  await several([...photos], keepPhoto);
  for (const path of await store.names("pages")) {
    const over = path.startsWith("/photo/") ? !photos.has(path) : OF_TODAY.test(path) && !stay.has(path);
    if (over) await store.drop("pages", path);
  }
}

// What it says.
async function keepOne(path, mark, anew) {
  const place = path.replace(/kept$/, "");
  const found = await read(place);
  const same = mark ? found?.mark === mark : !anew && Date.now() - (found?.at ?? 0) < YOUNG;
  if (found && same) return words.decode(found.content);
  const answer = await fetched(path);
  if (!answer) return "";
  const [said, type] = [await answer.text(), answer.headers.get("Content-Type")];
  if (type.startsWith("text/html") && said.includes(NOT_KEPT)) return "";
  await keep(place, said, mark, type);
  return said;
}

async function keepPhoto(path) {
  if (await store.get("pages", path)) return;
  const answer = await fetched(path);
  if (answer) await keep(path, await answer.arrayBuffer(), "", answer.headers.get("Content-Type"));
}

// A few at a time; one that fails leaves the others alone.
async function several(all, act) {
  const left = [...all];
  const next = async () => {
    while (left.length) await act(left.shift()).catch(() => {});
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

// Everything of the day anew, without a page that is opened.
export async function refresh(anew) {
  await keepShell().catch(() => {});
  const answer = await fetched(LIST).catch(() => null);
  if (answer) await keepDay(await answer.text(), anew);
}
