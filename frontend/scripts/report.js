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
    const words = ["text", "category", "lon", "lat", "pinned"].map((name) => field(name).value);
    if (words[0].trim().length < 4 && !words[1] && !words[2] && !said) return;
    if (said === words.join("\n")) return;
    said = words.join("\n");
    const mine = ++asked;
    try {
      const body = new URLSearchParams({ text: words[0], category: words[1], lon: words[2], lat: words[3], pinned: words[4], key: field("key").value });
      const answer = await fetch(look.dataset.look, { method: "POST", body });
      if (!answer.ok || mine !== asked) return;
      look.innerHTML = await answer.text();
      const chosen = look.querySelector("[data-chosen]");
      form.querySelector("[data-chosen-here]").replaceChildren(...chosen.children);
      chosen.remove();
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

  // ---- where it is: what the telephone or a photo knows, or what is touched on the map

  const map = form.querySelector("[data-pointing]");
  const pin = map?.querySelector("[data-pin]");
  const unpin = form.querySelector("[data-unpin]");

  // The point on the map, as a share of its width and height; none when it lies elsewhere.
  const onMap = (lon, lat) => {
    const [west, north, east, south] = ["west", "north", "east", "south"].map((edge) => Number(map.dataset[edge]));
    const at = [(lon - west) / (east - west), (lat - north) / (south - north)];
    return at.every((share) => share >= 0 && share <= 1) ? at : null;
  };

  function place(lon, lat, pinned) {
    field("lon").value = lon === "" ? "" : lon.toFixed(6);
    field("lat").value = lat === "" ? "" : lat.toFixed(6);
    field("pinned").value = pinned ? "1" : "";
    const at = lon === "" || !map || (map.hasAttribute("data-sketch") && !pinned) ? null : onMap(lon, lat);
    pin?.classList.toggle("pin-none", !at);
    if (at) pin.setAttribute("transform", `translate(${at[0] * map.dataset.side} ${at[1] * map.dataset.side})`);
    unpin.hidden = lon === "";
    if (lon !== "") unpin.closest("details").open = true;
    ask();
  }

  if (map) {
    const touch = map.querySelector(".pin-touch");
    const touched = (x, y) => {
      const [right, down] = [x, y].map((share) => Math.min(Math.max(share, 0), 1));
      const { west, north, east, south } = map.dataset;
      place(Number(west) + right * (east - west), Number(north) + down * (south - north), true);
    };
    const now = () => (pin.classList.contains("pin-none") ? null : onMap(Number(field("lon").value), Number(field("lat").value)));
    map.classList.add("pin-ready");
    map.querySelector("[data-keys]").hidden = false;
    touch.addEventListener("click", (event) => {
      event.preventDefault();
      const box = touch.getBoundingClientRect();
      if (event.detail) touched((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
      else if (!now()) touched(0.5, 0.5); // by the keyboard
    });
    const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    touch.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      const from = now();
      if (!step || !from) return;
      event.preventDefault();
      touched(from[0] + step[0] / 40, from[1] + step[1] / 40);
    });
  }
  unpin.querySelector("button").addEventListener("click", (event) => {
    event.preventDefault();
    place("", "", false);
    (map?.querySelector(".pin-touch") ?? field("text")).focus({ preventScroll: true });
  });

  const here = form.querySelector("[data-here]");
  if (here && "geolocation" in navigator && isSecureContext) {
    const state = here.querySelector("[role=status]");
    here.hidden = false;
    here.querySelector("button").addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(
        (found) => {
          state.textContent = "";
          place(found.coords.longitude, found.coords.latitude, false);
        },
        () => (state.textContent = state.dataset.denied),
        { enableHighAccuracy: true, maximumAge: 60_000, timeout: 15_000 },
      );
    });
  }
  // What a photo told (photos.js reads it before it makes the photo small).
  form.addEventListener("photo-place", (event) => {
    if (field("lon").value) return;
    place(event.detail.lon, event.detail.lat, false);
  });
  ask();
})();
