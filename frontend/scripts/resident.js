// What the pages of residents can do more with scripts. They are complete without this file.
"use strict";

(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];

  // ---- sent, but the answer got lost: the same form sent again keeps its key, and is done once. Who goes back from the
  // receipt finds the form empty: the words were sent, and would be sent twice

  const KEY = "yizhi-key ";
  const DONE = "yizhi-done ";
  try {
    const keys = Object.keys(sessionStorage).filter((name) => name.startsWith(KEY));
    const forget = document.querySelector("[data-draft-done], #refused");
    for (const name of keys) {
      if (!forget) continue;
      sessionStorage.removeItem(name);
      if (forget.id !== "refused") sessionStorage.setItem(name.replace(KEY, DONE), "1");
    }
    for (const form of all("form[data-draft]")) {
      const name = KEY + form.dataset.draft;
      const key = form.elements.key;
      key.value = sessionStorage.getItem(name) || key.value;
      form.addEventListener("submit", () => sessionStorage.setItem(name, key.value));
      window.addEventListener("pageshow", () => {
        const done = DONE + form.dataset.draft;
        if (sessionStorage.getItem(done)) form.reset();
        sessionStorage.removeItem(done);
      });
    }
  } catch {
    // a browser that keeps nothing
  }

  // ---- sending: said at once, and not twice; without a network it is not tried

  for (const form of all("form[data-sending]")) {
    const state = form.querySelector("[data-state]");
    const button = form.querySelector("button.btn-primary");
    const label = button.textContent;
    form.addEventListener("submit", (event) => {
      if (navigator.onLine === false && form.dataset.offline) {
        event.preventDefault();
        state.textContent = form.dataset.offline;
        return;
      }
      state.textContent = "";
      button.textContent = form.dataset.sending;
      button.setAttribute("aria-disabled", "true");
    });
    window.addEventListener("pageshow", () => {
      button.textContent = label;
      button.removeAttribute("aria-disabled");
    });
  }

  // ---- what was refused comes first

  document.querySelector("#refused")?.focus();

  // ---- away at once: nothing typed stays, and the way back does not lead here

  document.addEventListener("click", (event) => {
    const away = event.target.closest("[data-leave]");
    if (!away) return;
    event.preventDefault();
    try {
      for (const store of [localStorage, sessionStorage]) {
        for (const key of Object.keys(store)) if (/^(draft:|yizhi-)/.test(key)) store.removeItem(key);
      }
    } catch {
      // a browser that keeps nothing
    }
    for (const form of all("form[data-draft]")) form.dataset.draftOff = "";
    location.replace(away.href);
  });

  // ---- reading aloud, printing

  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }

  const read = document.querySelector("[data-read]");
  if (read && "speechSynthesis" in window) {
    const label = read.textContent;
    const quiet = () => (read.textContent = label);
    read.hidden = false;
    speechSynthesis.cancel();
    read.addEventListener("click", () => {
      if (speechSynthesis.speaking) {
        speechSynthesis.cancel();
        quiet();
        return;
      }
      const words = all("[data-aloud]").map((part) => part.innerText.replace(/\s*\n\s*/g, "。"));
      const speech = new SpeechSynthesisUtterance(words.join("。"));
      speech.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
      speech.rate = 0.9;
      speech.onend = speech.onerror = quiet;
      read.textContent = read.dataset.stop;
      speechSynthesis.speak(speech);
    });
  }
})();
