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

// The list of keys marks what is open on the matter at hand.
function showKeys() {
  const open = new Set(all("#case [data-button]").map((button) => button.dataset.button));
  for (const line of all("#keys [data-move]")) line.classList.toggle("keys-open", open.has(line.dataset.move));
  one("#keys")?.showModal();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => one("#search")?.focus(),
  "?": showKeys,
};

// A move's own letter, wherever its button stands; Shift and not Caps Lock makes a capital.
function moveOf(event) {
  if (!/^[a-z]$/i.test(event.key)) return null;
  const letter = event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase();
  return all("#case [data-key]").find((button) => button.dataset.key === letter) ?? null;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.form ?? event.target.closest("form") ?? one("#act form");
    if (form?.querySelector("button.btn-primary")) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (one("dialog[open]")) return;
    if (one("#act section")) closeForm();
    else if (typing(event.target)) event.target.blur();
    return;
  }
  if (typing(event.target) || one("dialog[open]")) return;
  const button = moveOf(event);
  const does = button ? () => button.click() : KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!does) return;
  event.preventDefault();
  does();
});

// ---- the form in place

// Closing leads back to the button that opened it.
function closeForm() {
  const act = one("#act");
  if (!act) return;
  const move = one("form[data-move]", act)?.dataset.move;
  act.replaceChildren();
  const opened = (move && one(`.case-buttons [data-button="${move}"]`)) || one("#case [data-button]");
  (opened?.closest("details:not([open])")?.querySelector("summary") ?? opened)?.focus();
}

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close]");
  if (close && one("#act")) {
    event.preventDefault();
    closeForm();
  }
  if (event.target.closest("[data-print]")) print();
  const copy = event.target.closest("[data-copy]");
  if (copy) copied(copy).catch(() => {});
  const key = event.target.closest("[data-keys]");
  if (key) KEYS[key.dataset.keys]?.();
  for (const open of all("details.more[open]")) if (!open.contains(event.target)) open.open = false;
});

async function copied(button) {
  const from = one(button.dataset.copy);
  if (navigator.clipboard) await navigator.clipboard.writeText(from.textContent.trim());
  else {
    getSelection().selectAllChildren(from); // a page without TLS may not write to the clipboard itself
    document.execCommand("copy");
  }
  const before = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = before), 2000);
}

// The button takes up what handing on to the chosen unit is called: 交办给城管局, 点对点推送给供电公司.
function sayVerb(form) {
  const button = form && one("button[data-to]", form);
  const chosen = form && one("select[name='unit']", form)?.selectedOptions[0];
  if (!button) return;
  button.dataset.before ??= button.textContent;
  button.textContent = chosen?.dataset.verb
    ? button.dataset.to.replace("{verb}", chosen.dataset.verb).replace("{unit}", chosen.dataset.name)
    : button.dataset.before;
}

document.addEventListener("change", (event) => {
  if (event.target.name === "unit") sayVerb(event.target.closest("form[data-move='dispatch']"));
});
sayVerb(one("form[data-move='dispatch']"));

// ---- after htmx

// A session that ended shows when the open form is sent: nothing in the background takes the page away before.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const behind = event.detail.elt.matches("#list, #filters, #around");
  if (event.detail.xhr.status === 401 && behind && one("#act form")) event.preventDefault();
});

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

const begin = (form) => one("input:not([type=hidden]), select, textarea", form)?.focus({ preventScroll: true });

document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.target;
  if (target.id === "act" || target.id === "case") sayVerb(one("#act form[data-move='dispatch']"));
  if (target.id === "act") {
    begin(target);
    target.scrollIntoView({ block: "nearest" });
  }
  if (target.id === "case") {
    const refused = one("#refused");
    if (refused) refused.focus();
    else for (const pane of [one(".desk-open"), window]) pane?.scrollTo(0, 0); // a telephone scrolls the window
    one("#done")?.focus({ preventScroll: true }); // a screen reader goes on from what was done
  }
});

one("#done")?.focus({ preventScroll: true });
// A form that came as a whole page, since its key was faster than the scripts: one types on all the same. After the
// browser has gone to the fragment, by which it takes the focus away.
addEventListener("load", () => {
  if (location.hash === "#act" && one("#act") && !one("#refused")) setTimeout(() => begin(one("#act")));
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
