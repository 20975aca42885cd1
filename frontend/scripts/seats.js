// What a seat's pages can do more with scripts: keys, a button that says what it will do, new work by itself.
// Every page works without this file.
"use strict";

const root = document.documentElement;
root.classList.add("script");

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// ---- keys

const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

function step(by) {
  const rows = all("#list .row");
  if (!rows.length) return;
  const here = rows.indexOf(document.activeElement);
  const open = rows.findIndex((row) => row.getAttribute("aria-current"));
  const from = here >= 0 ? here : by > 0 ? open : open >= 0 ? open : rows.length;
  const next = rows[Math.min(Math.max(from + by, 0), rows.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => one("#search")?.focus(),
  "?": () => one("#keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") {
    if (one("#act section")) closeForm();
    else if (typing(event.target)) event.target.blur();
    return;
  }
  if (typing(event.target) || one("dialog[open]")) return;
  const numbered = /^[1-9]$/.test(event.key) ? all("#case [data-button]")[Number(event.key) - 1] : null;
  const does = numbered ? () => numbered.click() : KEYS[event.key];
  if (!does) return;
  event.preventDefault();
  does();
});

// ---- the form in place

function closeForm() {
  const act = one("#act");
  if (!act) return;
  act.replaceChildren();
  one("#case [data-button]")?.focus();
}

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close]");
  if (close && one("#act")) {
    event.preventDefault();
    closeForm();
  }
  const key = event.target.closest("[data-keys]");
  if (key) KEYS[key.dataset.keys]?.();
  for (const open of all("details.more[open]")) if (!open.contains(event.target)) open.open = false;
});

// The button takes up what handing on to the chosen unit is called: 交办给城管局, 点对点推送给供电公司.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-move='dispatch']");
  const button = form && one("button[data-to]", form);
  const chosen = form && one("select[name='unit']", form)?.selectedOptions[0];
  if (!button || event.target.name !== "unit") return;
  button.dataset.before ??= button.textContent;
  button.textContent = chosen?.dataset.verb
    ? button.dataset.to.replace("{verb}", chosen.dataset.verb).replace("{unit}", chosen.textContent.trim())
    : button.dataset.before;
});

// ---- after htmx

// A list that is made anew keeps the place of whoever goes through it by keys.
let held = "";

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "list") held = document.activeElement.closest("#list .row")?.dataset.number ?? "";
});

document.addEventListener("htmx:afterSwap", () => {
  if (held && document.activeElement === document.body) one(`#list .row[data-number="${held}"]`)?.focus({ preventScroll: true });
  held = "";
  const number = one("#case")?.dataset.number;
  for (const row of all("#list .row")) {
    if (row.dataset.number === number) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  if (number) one(".desk")?.classList.replace("desk-list", "desk-case");
});

document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.target;
  if (target.id === "act") {
    one("input:not([type=hidden]), select, textarea", target)?.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
  }
  if (target.id === "case") {
    const refused = one("#refused");
    if (refused) refused.focus();
    else one(".desk-open")?.scrollTo(0, 0);
  }
});

// ---- new work appears by itself: the process that answers may be a moment behind, so only a higher mark is news

let newest = 0;

async function ask() {
  const list = one("#list[data-watch]");
  if (!list || document.hidden) return;
  newest = Math.max(newest, Number(list.dataset.mark));
  const answer = await fetch(`/live/${list.dataset.watch}/${newest}/`, { credentials: "omit" });
  if (answer.status !== 200) return;
  const mark = Number(await answer.text());
  if (!(mark > newest)) return;
  newest = mark;
  document.body.dispatchEvent(new CustomEvent("changed"));
}

function again() {
  setTimeout(() => ask().catch(() => {}).finally(again), 1500 + Math.random() * 500);
}

again();
