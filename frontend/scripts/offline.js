// The field without a line, as far as a page shows it: that there is none, how old the page is, what waits to be sent,
// and what was refused. What keeps and sends is the worker (frontend/field); without it nothing here does anything.
"use strict";

(() => {
  const line = document.getElementById("line");
  const ways = navigator.serviceWorker;
  if (!line || !ways || !isSecureContext || !window.indexedDB) return;

  const part = (name) => line.querySelector(`[data-${name}]`);
  const [net, waits] = ["net", "waits"].map(part);
  let keptAt = Number(document.documentElement.dataset.kept ?? -1);
  let state = { known: true, items: [], others: 0 };

  const AGAIN = 20_000;

  const clock = (moment) => new Date(moment).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
  const open = () => state.items.filter((item) => item.state !== "sent");

  // Done when the worker says so; without one, or after a while, at once.
  function ask(message) {
    return ways.ready.then(
      (registration) =>
        new Promise((done) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => done();
          setTimeout(done, 3000);
          registration.active.postMessage(message, [port2]);
        }),
    );
  }

  // ---- the strip at the thumb

  function show() {
    const refused = open().filter((item) => item.state === "refused").length;
    const waiting = open().length - refused;
    const off = !navigator.onLine || keptAt >= 0;
    net.hidden = !off;
    if (off) net.textContent = keptAt > 0 ? line.dataset.asof.replace("{time}", clock(keptAt)) : line.dataset.off;
    waits.hidden = !waiting && !refused;
    waits.textContent = [
      waiting && line.dataset.waiting.replace("{n}", waiting),
      refused && line.dataset.refused.replace("{n}", refused),
    ].filter(Boolean).join(" · ");
    waits.classList.toggle("line-refused", refused > 0);
    line.hidden = !off && waits.hidden;
    document.documentElement.classList.toggle("has-line", !line.hidden);
    mark();
    list();
  }

  // ---- what waits, beside the matter that it is about

  function mark() {
    for (const old of document.querySelectorAll(".to-send")) old.remove();
    for (const item of open()) {
      const place = item.told.matter ? matterOf(item.told.matter) : document.querySelector(`[data-sends~="${item.told.path}"]`);
      if (place) place.append(noteOf(item, place));
    }
  }

  const matterOf = (number) =>
    document.getElementById("case")?.dataset.number === number
      ? document.querySelector("#case .case-head")
      : document.querySelector(`.card-box[data-number="${number}"] .card-link`);

  function noteOf(item, place) {
    const note = document.createElement(place.matches("a") ? "span" : "p");
    note.className = "to-send";
    note.textContent = (item.state === "refused" ? line.dataset.no : line.dataset.wait).replace("{what}", item.told.label);
    return note;
  }

  // ---- the page of what waits

  const waiting = document.getElementById("waiting");

  function list() {
    if (!waiting) return;
    waiting.querySelector("[data-items]").replaceChildren(...[...state.items].reverse().map(row));
    waiting.querySelector("[data-empty]").hidden = state.items.length > 0 || state.others > 0;
    waiting.querySelector("[data-locked]").hidden = state.known;
    const others = waiting.querySelector("[data-others]");
    others.hidden = !state.known || !state.others;
    others.textContent = others.dataset.others.replace("{n}", state.others);
    waiting.querySelector("[data-send]").hidden = !state.known || !open().some((item) => item.state === "waiting");
  }

  function row(item) {
    const made = document.getElementById("waiting-item").content.cloneNode(true);
    const at = (name) => made.querySelector(`[data-${name}]`);
    const { told } = item;
    made.querySelector("li").dataset.is = item.state;
    const unnamed = item.state === "waiting" ? waiting.dataset.sealed : waiting.dataset.before;
    at("label").textContent = [told.label ?? unnamed, told.matter].filter(Boolean).join(" · ");
    at("time").textContent = clock(item.at);
    at("state").textContent = waiting.dataset[item.state].replace("{time}", clock(item.done));
    at("typed").textContent = told.typed ?? "";
    at("files").textContent = told.files ? waiting.dataset.files.replace("{n}", told.files) : "";
    at("why").textContent = told.why ? new DOMParser().parseFromString(told.why, "text/html").body.textContent : "";
    for (const name of ["typed", "files", "why"]) at(name).hidden = !at(name).textContent;
    const where = item.state === "refused" ? `${told.path}?waiting=${item.id}#act` : told.url;
    at("open").hidden = !where || item.state === "waiting" || !told.path;
    at("open").href = where ?? "";
    at("open").textContent = item.state === "refused" ? waiting.dataset.compare : waiting.dataset.look;
    at("more").hidden = item.state === "sent" || !state.known;
    at("drop").addEventListener("click", () => ask({ does: "drop", id: item.id }));
    return made;
  }

  if (waiting) {
    const asked = new URLSearchParams(location.search);
    const said = waiting.querySelector("[data-said]");
    const what = asked.has("kept") ? "kept" : location.pathname !== "/field/waiting" ? "missing" : "";
    if (what) {
      said.textContent = said.getAttribute(`data-${what}`);
      said.hidden = false;
    }
    waiting.querySelector("[data-send]").addEventListener("click", () => ask({ does: "sync" }));
  }

  // ---- forms

  // A form that may wait says what it is, which draft it was typed in, and which refused one it takes the place of.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (form.dataset.offline === undefined || form.querySelector("[aria-busy=true]")) return;
      const settles = new URLSearchParams(location.search).get("waiting") ?? "";
      let field = form.querySelector("input[name=offline]");
      if (!field) {
        field = Object.assign(document.createElement("input"), { type: "hidden", name: "offline" });
        form.append(field);
      }
      const owner = document.querySelector("meta[name='draft-owner']")?.content ?? "";
      const draft = form.dataset.draft ? `draft:${owner}:${form.dataset.draft}` : "";
      field.value = JSON.stringify({ label: form.dataset.offline, draft, settles });
    },
    { capture: true },
  );

  // Words that wait sealed need no second place (drafts.js); what was typed since has one.
  function forgetDrafts() {
    for (const { at, told } of open()) {
      const draft = JSON.parse(localStorage.getItem(told.draft) ?? "null");
      if (draft?.at <= at) localStorage.removeItem(told.draft);
    }
  }

  // A telephone that has no room left: everything stays as it was typed, and one is told what to do.
  function full(what) {
    document.getElementById("full")?.remove();
    const said = Object.assign(document.createElement("p"), { id: "full", className: "error-box", tabIndex: -1 });
    said.setAttribute("role", "alert");
    said.textContent = line.dataset[what];
    document.querySelector("form[data-offline] button:not([type=button]):last-of-type")?.before(said);
    said.focus();
  }

  // Whoever signs out leaves nothing to be read, with or without a line.
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.draftsEnd === undefined || event.target.dataset.wiped !== undefined) return;
    event.preventDefault();
    event.target.dataset.wiped = "";
    const form = [...new FormData(event.target)];
    fetch("/healthz", { cache: "no-store" }).then(
      () => ask({ does: "wipe" }).then(() => event.target.submit()),
      () => ask({ does: "wipe", form }).then(() => location.assign("/field/waiting")),
    );
  });

  // ---- installing

  const install = document.getElementById("install");
  let prompt = null;
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    prompt = event;
    if (install) install.hidden = false;
  });
  install?.querySelector("button").addEventListener("click", async () => {
    await prompt.prompt();
    install.hidden = true;
    navigator.storage?.persist?.();
  });

  // ---- when

  ways.addEventListener("message", (event) => {
    if (event.data?.full) full(event.data.full);
    if (!event.data?.state) return;
    state = event.data.state;
    forgetDrafts();
    show();
  });
  const sync = () => ask({ does: "sync" });
  // An older page makes room for today's, unless somebody is writing on it.
  addEventListener("online", () => {
    const older = keptAt > 0 && !document.querySelector("form[data-draft]");
    keptAt = -1;
    show();
    sync().then(() => older && navigator.onLine && location.reload());
  });
  setInterval(() => navigator.onLine && open().some((item) => item.state === "waiting") && sync(), AGAIN);
  addEventListener("offline", show);
  addEventListener("focus", sync);
  document.addEventListener("visibilitychange", () => document.hidden || sync());
  document.addEventListener("htmx:afterSettle", mark);

  ways.register("/field/worker.js").then(() => ask({ does: "state" })).then(sync, () => {});
  show();
})();
