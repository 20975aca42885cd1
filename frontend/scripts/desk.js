// The list of a desk with scripts: choosing rows by key, buttons that fit what is chosen, news that waits its turn.
// Everything here can be done without it, with the ticks and the buttons below the list.
"use strict";

(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // ---- choosing; what is chosen stays chosen when the list is made anew

  const chosen = new Set();
  const ticks = () => all("#bulk .pick input");

  function take(tick) {
    if (tick.checked) chosen.add(tick.value);
    else chosen.delete(tick.value);
  }

  function show() {
    const bar = one("#bulk .bulk-bar");
    if (!bar) return;
    const ticked = ticks().filter((tick) => tick.checked);
    const stages = new Set(ticked.map((tick) => tick.dataset.stage));
    bar.hidden = !ticked.length;
    const said = one(".bulk-said", bar);
    said.textContent = said.dataset.said.replace("{n}", String(ticked.length));
    for (const button of all("button[data-stage]", bar)) button.hidden = !stages.has(button.dataset.stage);
  }

  function again() {
    const here = new Set();
    for (const tick of ticks()) {
      tick.checked = chosen.has(tick.value);
      here.add(tick.value);
    }
    for (const number of chosen) if (!here.has(number)) chosen.delete(number);
    show();
  }

  function set(value) {
    for (const tick of ticks()) {
      tick.checked = value;
      take(tick);
    }
    show();
  }

  document.addEventListener("change", (event) => {
    if (!event.target.matches("#bulk .pick input")) return;
    take(event.target);
    show();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-all]")) set(true);
    if (event.target.closest("[data-none]")) set(false);
    if (event.target.closest("#fresh")) renew();
  });

  function toggle() {
    const row = document.activeElement.closest("#list .row") ?? one("#list .row[aria-current]");
    const tick = row && one(".pick input", row.parentElement);
    if (!tick) return;
    tick.checked = !tick.checked;
    take(tick);
    show();
  }

  function go() {
    const fresh = one("#fresh");
    if (chosen.size) one("#bulk .bulk-bar button:not([hidden])")?.focus();
    else if (fresh && !fresh.hidden) renew();
  }

  const KEYS = { x: toggle, g: go };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
    if (event.target.closest("textarea, select, [contenteditable], input:not([type=checkbox])")) return;
    if (one("dialog[open]") || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });

  // ---- what changes elsewhere: at once while nobody is at the list, else told in a place where nothing moves

  function engaged() {
    const list = one("#list");
    const pane = list.closest(".pane");
    return chosen.size > 0 || list.contains(document.activeElement) || pane.matches(":hover") || pane.scrollTop > 0;
  }

  const numbers = (list) => all(".row", list).map((row) => row.dataset.number);

  function tell(key, n) {
    const fresh = one("#fresh");
    if (!fresh) return;
    fresh.textContent = fresh.dataset[key].replace("{n}", String(n));
    fresh.hidden = false;
  }

  function renew() {
    document.body.dispatchEvent(new CustomEvent("fresh"));
  }

  async function compare() {
    const list = one("#list");
    const answer = await fetch(list.getAttribute("hx-get"), { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    const before = numbers(list);
    const after = numbers(made);
    const added = after.filter((number) => !before.includes(number)).length;
    if (after.join() === before.join()) renew(); // nothing would move
    else if (added) tell("new", added);
    else tell("changed", 0);
  }

  document.body.addEventListener("changed", () => {
    if (!one("#list")) return;
    if (!one("#list .row") || !engaged()) renew();
    else compare().catch(() => tell("failed", 0));
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "list") again();
  });
  for (const failed of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(failed, (event) => {
      if (event.detail.target?.id === "list") tell("failed", 0);
    });
  }

  again();
})();
