// The form of a report can do more with scripts: what is known already is told while somebody types, the place is where
// they stand, a word is spoken instead of typed. Complete without this file.
"use strict";

(() => {
  const look = document.getElementById("look");
  const form = look?.closest("form");
  if (!form) return;
  const field = (name) => form.elements[name];

  // ---- what is said to the words, while they are typed; whoever saw it need not be asked again

  let asked = 0;
  let said = "";

  async function ask() {
    const words = ["text", "category", "lon", "lat"].map((name) => field(name).value);
    if (words[0].trim().length < 4 && !words[1]) return;
    if (said === words.join("\n")) return;
    said = words.join("\n");
    const mine = ++asked;
    try {
      const body = new URLSearchParams({ text: words[0], category: words[1], lon: words[2], lat: words[3], key: field("key").value });
      const answer = await fetch(look.dataset.look, { method: "POST", body });
      if (!answer.ok || mine !== asked) return;
      look.innerHTML = await answer.text();
      reveal();
      if (look.querySelector(".alike")) field("seen").value = "1";
      if (look.querySelector("[data-leave]")) keepNothing();
    } catch {
      said = ""; // no network: it is asked again with the next word
    }
  }

  const reveal = () => look.querySelectorAll("[data-guesses]").forEach((part) => (part.hidden = false));
  reveal();

  let waiting;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 700);
  };
  field("text").addEventListener("input", later);
  field("category").addEventListener("change", later);

  look.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-pick]");
    if (!pick) return;
    field("category").value = pick.dataset.pick;
    field("category").closest("details").open = true;
    ask();
  });
  if (look.querySelector("#alike")) look.querySelector("#alike").focus();

  // ---- words that nobody near this phone shall find: no draft of them stays

  function keepNothing() {
    form.dataset.draftOff = "";
    const end = `:${form.dataset.draft}`;
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith("draft:") && key.endsWith(end)) localStorage.removeItem(key);
    } catch {
      // a browser that keeps nothing
    }
  }
  if (look.querySelector("[data-leave]")) keepNothing();

  // ---- where one stands

  const here = form.querySelector("[data-here]");
  if (here && "geolocation" in navigator && isSecureContext) {
    const state = here.querySelector("[role=status]");
    here.hidden = false;
    here.querySelector("button").addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(
        (found) => {
          field("lon").value = found.coords.longitude.toFixed(6);
          field("lat").value = found.coords.latitude.toFixed(6);
          state.textContent = state.dataset.found;
          ask();
        },
        () => (state.textContent = state.dataset.denied),
        { enableHighAccuracy: true, maximumAge: 60_000, timeout: 15_000 },
      );
    });
  }
  // What a photo told (photos.js reads it before it makes the photo small).
  form.addEventListener("photo-place", (event) => {
    if (field("lon").value) return;
    field("lon").value = event.detail.lon.toFixed(6);
    field("lat").value = event.detail.lat.toFixed(6);
    ask();
  });
  ask();
})();
