// Words that were typed and not sent stay on the device: `data-draft` on a form names them. They belong to the account
// (whoever signs in next does not see them), go when they are sent or the account signs out, and after seven days.
// Files and what is marked `data-private` are never kept.
"use strict";

(() => {
  const DAYS = 7;
  const store = (() => {
    try {
      localStorage.setItem("draft", "");
      localStorage.removeItem("draft");
      return localStorage;
    } catch {
      return null; // a browser that keeps nothing: the page works as ever
    }
  })();
  if (!store) return;

  const owner = () => document.querySelector("meta[name='draft-owner']")?.content ?? "";
  const mine = () => `draft:${owner()}:`;
  const place = (form) => mine() + form.dataset.draft;
  const keys = () => Object.keys(store).filter((key) => key.startsWith("draft:"));

  for (const key of keys()) {
    let at = 0;
    try {
      at = JSON.parse(store.getItem(key)).at;
    } catch {
      // not ours any more
    }
    if (!(Date.now() - at < DAYS * 24 * 3600 * 1000)) store.removeItem(key);
  }

  // ---- what of a form is kept

  const WORDS = "textarea, input:not([type]), input[type='text'], input[type='search'], input[type='number'], input[type='datetime-local']";
  const CHOSEN = "select, input[type='radio'], input[type='checkbox']";
  const open = (form, selector) => [...form.querySelectorAll(selector)].filter((input) => input.name && !input.closest("[data-private]") && input.name !== "kept");
  const untouched = (input) => input.value === input.defaultValue;

  function kept(form) {
    const fields = {};
    for (const input of open(form, WORDS)) fields[input.name] = [input.value];
    for (const input of open(form, CHOSEN)) {
      if (input.type === "radio" || input.type === "checkbox") {
        fields[input.name] ??= [];
        if (input.checked) fields[input.name].push(input.value);
      } else fields[input.name] = [input.value];
    }
    return fields;
  }

  function save(form) {
    if (!form.dataset.draft || form.dataset.draftOff !== undefined) return;
    if (open(form, WORDS).some((input) => input.value.trim())) {
      store.setItem(place(form), JSON.stringify({ at: Date.now(), fields: kept(form) }));
    } else store.removeItem(place(form));
  }

  function put(form, fields) {
    for (const input of open(form, `${WORDS}, ${CHOSEN}`)) {
      const values = fields[input.name];
      if (!values) continue;
      if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
      else if (input.tagName !== "SELECT" || [...input.options].some((option) => option.value === values[0])) input.value = values[0] ?? "";
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  // ---- back into a form that is opened empty; words that the server handed back are newer

  function restore(form) {
    if (form.dataset.draftSeen !== undefined) return;
    form.dataset.draftSeen = "";
    let found = null;
    try {
      found = JSON.parse(store.getItem(place(form)));
    } catch {
      // unreadable: as if there were none
    }
    if (!found) return;
    const words = open(form, WORDS);
    if (words.some((input) => input.defaultValue.trim() || !untouched(input))) return;
    if (!words.some((input) => found.fields[input.name]?.[0]?.trim())) return;
    const before = kept(form);
    put(form, found.fields);
    form.prepend(said(form, before));
  }

  function said(form, before) {
    const line = document.createElement("p");
    line.className = "draft-said";
    line.setAttribute("role", "status");
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "link";
    drop.textContent = form.dataset.draftDrop;
    drop.addEventListener("click", () => {
      put(form, before);
      store.removeItem(place(form));
      line.remove();
      open(form, WORDS)[0]?.focus();
    });
    line.append(form.dataset.draftSaid, " · ", drop);
    return line;
  }

  // ---- when

  const waiting = new Map();
  const later = (form) => {
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => save(form), 300));
  };
  for (const event of ["input", "change"]) {
    document.addEventListener(event, (happened) => {
      const form = happened.target.closest?.("form[data-draft]");
      if (form) later(form);
    });
  }
  addEventListener("pagehide", () => {
    for (const form of waiting.keys()) if (form.isConnected) save(form);
  });

  document.addEventListener("submit", (event) => {
    if (event.target.dataset.draftsEnd !== undefined) for (const key of keys()) if (key.startsWith(mine())) store.removeItem(key);
    clearTimeout(waiting.get(event.target));
    waiting.delete(event.target);
    if (event.target.dataset.draft) save(event.target); // until the answer says that it arrived
  });

  function look() {
    for (const done of document.querySelectorAll("[data-draft-done]")) {
      const start = mine() + done.dataset.draftDone;
      for (const key of keys()) if (key === start || key.startsWith(`${start}/`)) store.removeItem(key);
    }
    for (const form of document.querySelectorAll("form[data-draft]")) restore(form);
  }

  look();
  document.addEventListener("htmx:afterSettle", look);
})();
