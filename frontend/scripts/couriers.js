// A special reporter at the kerb: between the two taps the telephone says once where it is, and whether it moves. The
// place is sent with the report and kept nowhere else, not even on this device. Complete without this file.
"use strict";

(() => {
  const stop = document.getElementById("stop");
  const form = document.getElementById("sights");
  if (!stop || !form) return;
  const RIDING = 1.5; // metres a second: faster than anybody strolls with a telephone
  const ROUGH = 150; // metres: then it is chosen by hand
  const OUTSIDE = 422; // what the server answers to a place in another city
  const AGAIN = 180_000; // whoever waits longer may be riding again
  const button = document.getElementById("stopped");
  const said = document.getElementById("stop-said");
  const here = document.getElementById("here");
  const byHand = document.getElementById("by-hand");
  const label = button.textContent;
  const field = (name) => form.elements[name];
  let since = Date.now();

  // ---- the first tap

  function open() {
    since = Date.now();
    field("stopped").value = "1";
    button.textContent = label;
    said.textContent = "";
    stop.hidden = true;
    form.hidden = false;
    form.querySelector("legend").scrollIntoView({ block: "center" });
  }

  function unknown(why) {
    here.textContent = why;
    byHand.open = true;
  }

  async function called() {
    const body = new URLSearchParams({ lon: field("lon").value, lat: field("lat").value, csrfmiddlewaretoken: field("csrfmiddlewaretoken").value });
    try {
      const answer = await fetch(form.dataset.where, { method: "POST", body });
      here.textContent = answer.ok || answer.status === OUTSIDE ? (await answer.text()).trim() : here.dataset.found;
      if (answer.status === OUTSIDE) byHand.open = true;
    } catch {
      here.textContent = here.dataset.found; // no network: the place goes along all the same
    }
  }

  function stands(lon, lat) {
    field("lon").value = lon.toFixed(6);
    field("lat").value = lat.toFixed(6);
    here.textContent = here.dataset.asking;
    byHand.open = false;
    called();
  }

  function found(place) {
    if (place.coords.speed > RIDING) {
      button.textContent = label;
      said.textContent = button.dataset.moving;
      return;
    }
    if (place.coords.accuracy > ROUGH) {
      unknown(here.dataset.roughly);
    } else {
      stands(place.coords.longitude, place.coords.latitude);
    }
    open();
  }

  function ask() {
    button.textContent = button.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      found,
      () => {
        unknown(here.dataset.denied);
        open();
      },
      { enableHighAccuracy: true, maximumAge: 0, timeout: 8000 },
    );
  }

  button.addEventListener("click", (event) => {
    event.preventDefault();
    if ("geolocation" in navigator && isSecureContext) {
      ask();
    } else {
      unknown(here.dataset.denied);
      open();
    }
  });
  // An address that was kept opens the list without a tap: with scripts the question comes first, but after a refusal.
  if (document.querySelector("#refused, #alike")) {
    if (field("lon").value) called();
  } else {
    form.hidden = true;
    stop.hidden = false;
  }
  document.getElementById("alike")?.focus();

  // What a photo told (photos.js reads it before it makes the photo small), and what is chosen by hand, which counts more.
  form.addEventListener("photo-place", (event) => {
    if (!field("lon").value && !field("place").value) stands(event.detail.lon, event.detail.lat);
  });
  field("place").addEventListener("change", (event) => {
    const chosen = event.target.selectedOptions[0];
    if (chosen.value) here.textContent = chosen.text;
    else if (field("lon").value) called();
  });

  // ---- the second tap

  const sending = document.getElementById("sent-said");
  form.addEventListener("submit", (event) => {
    const sight = event.submitter;
    if (sight?.name !== "matter") return;
    if (navigator.onLine === false) {
      event.preventDefault();
      sending.textContent = form.dataset.noNet;
      return;
    }
    if (Date.now() - since > AGAIN) {
      event.preventDefault();
      form.hidden = true;
      stop.hidden = false;
      said.textContent = button.dataset.again;
      button.focus();
      return;
    }
    sending.textContent = form.dataset.goes;
    sight.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    sending.textContent = "";
    for (const sight of form.querySelectorAll("[aria-disabled]")) sight.removeAttribute("aria-disabled");
  });
})();
