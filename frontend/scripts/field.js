// Today's cards by nearness. The telephone asks itself where it is: the position is kept in this page alone, it is never
// sent and never stored. Without it the order stays the one of the clocks.
"use strict";

(() => {
  const button = document.getElementById("near");
  let here = null;

  const cards = () => [...document.querySelectorAll(".cards > .card-box")];
  const placed = () => cards().filter((card) => card.dataset.lon);

  // Metres over ground; a city is small enough to be flat.
  function metres(card) {
    const latitude = (here.latitude * Math.PI) / 180;
    const x = (Number(card.dataset.lon) - here.longitude) * Math.cos(latitude);
    const y = Number(card.dataset.lat) - here.latitude;
    return Math.hypot(x, y) * 111_195;
  }

  function said(card, far) {
    const words = card.parentElement.dataset;
    const rough = far < 1000 ? Math.max(50, Math.round(far / 50) * 50) : Math.round(far / 100) / 10;
    const distance = (far < 1000 ? words.metres : words.kilometres).replace("{n}", rough);
    return ("about" in card.dataset ? words.grid : words.near).replace("{far}", distance);
  }

  function arrange() {
    const list = document.querySelector(".cards");
    if (button) button.hidden = new Set(placed().map((card) => `${card.dataset.lon},${card.dataset.lat}`)).size < 2;
    if (!list || !here) return;
    const far = new Map(placed().map((card) => [card, metres(card)]));
    for (const [card, distance] of far) {
      const label = card.querySelector(".card-far");
      label.textContent = said(card, distance);
      label.hidden = false;
    }
    list.append(...cards().sort((one, other) => (far.get(one) ?? Infinity) - (far.get(other) ?? Infinity)));
    tell("on");
  }

  function tell(what) {
    const status = document.getElementById("near-said");
    if (status) status.textContent = status.dataset[what];
  }

  button?.addEventListener("click", () => {
    if (here) {
      location.reload(); // back to the order of the clocks
      return;
    }
    navigator.geolocation?.getCurrentPosition(
      (found) => {
        here = found.coords;
        button.setAttribute("aria-pressed", "true");
        arrange();
      },
      () => tell("denied"),
      { maximumAge: 60_000, timeout: 15_000 },
    );
  });

  document.addEventListener("htmx:afterSwap", arrange);
  arrange();

  // What was put right is told once on this telephone: after the list was opened it is no news.
  const news = document.querySelector("[data-news]");
  if (!news) return;
  if (news.id !== "news") localStorage.setItem("news", news.dataset.news);
  else if ((localStorage.getItem("news") ?? "") >= news.dataset.news) news.hidden = true;
})();
