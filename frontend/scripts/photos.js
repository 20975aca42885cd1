// Photos before they are sent: small previews with a way to take each out again, and made small on the device, so
// that a slow line manages. Without this file, or in a browser that cannot, the plain inputs send what was chosen.
"use strict";

(() => {
  const LONG_EDGE = 1600, QUALITY = 0.8, SMALL_ENOUGH = 200_000;

  const filled = (files) => {
    const made = new DataTransfer();
    for (const file of files) made.items.add(file);
    return made.files;
  };

  try {
    filled([]);
  } catch {
    return; // an old browser
  }

  const opened = (file) =>
    new Promise((done, failed) => {
      const image = new Image();
      image.onload = () => done(image);
      image.onerror = failed;
      image.src = URL.createObjectURL(file);
    });

  // Where a JPEG says that it was taken, before that is lost with its other half: GPS of its Exif, as [lon, lat].
  async function placeOf(file) {
    try {
      const view = new DataView(await file.slice(0, 131_072).arrayBuffer());
      if (view.getUint16(0) !== 0xffd8) return null;
      let at = 2;
      while (view.getUint16(at) !== 0xffe1 || view.getUint32(at + 4) !== 0x45786966) at += 2 + view.getUint16(at + 2);
      return gps(view, at + 10);
    } catch {
      return null; // no such part, or cut off
    }
  }

  function gps(view, start) {
    const little = view.getUint16(start) === 0x4949;
    const short = (at) => view.getUint16(at, little);
    const long = (at) => view.getUint32(at, little);
    const entries = (at) =>
      new Map(Array.from({ length: short(at) }, (_, n) => [short(at + 2 + 12 * n), at + 10 + 12 * n]));
    const found = entries(start + long(entries(start + long(start + 4)).get(0x8825)));
    const degrees = (value, side, negative) => {
      const from = start + long(found.get(value));
      const [whole, minutes, seconds] = [0, 8, 16].map((step) => long(from + step) / long(from + step + 4));
      const sign = view.getUint8(found.get(side)) === negative.charCodeAt(0) ? -1 : 1;
      return sign * (whole + minutes / 60 + seconds / 3600);
    };
    const place = [degrees(4, 3, "W"), degrees(2, 1, "S")];
    return place.every(Number.isFinite) && place.some(Boolean) ? place : null;
  }

  // What cannot be made small is sent as it is: the server says what is wrong with it.
  async function smaller(file) {
    if (file.size <= SMALL_ENOUGH) return file;
    try {
      const image = await opened(file);
      const scale = Math.min(1, LONG_EDGE / Math.max(image.naturalWidth, image.naturalHeight));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.naturalWidth * scale);
      canvas.height = Math.round(image.naturalHeight * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(image.src);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
      return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
    } catch {
      return file;
    }
  }

  function setUp(field) {
    const inputs = [...field.querySelectorAll("input[type=file]")];
    const sent = inputs[inputs.length - 1];
    const list = field.querySelector(".previews");
    const said = field.querySelector("[data-said]");
    const form = field.closest("form");
    let chosen = [];
    let busy = 0;
    let waiting = null;

    const room = () => Number(field.dataset.most) - field.querySelectorAll("input[name=kept]:checked").length;

    function show() {
      sent.files = filled(chosen);
      list.replaceChildren(...chosen.map(preview));
      list.hidden = !chosen.length;
    }

    function preview(file) {
      const item = document.createElement("li");
      const image = document.createElement("img");
      const remove = document.createElement("button");
      const number = chosen.indexOf(file) + 1;
      image.src = URL.createObjectURL(file);
      image.alt = "";
      image.onload = image.onerror = () => URL.revokeObjectURL(image.src);
      remove.type = "button";
      remove.textContent = field.dataset.remove;
      remove.setAttribute("aria-label", `${field.dataset.remove} ${number}`);
      remove.addEventListener("click", () => {
        chosen = chosen.filter((other) => other !== file);
        said.textContent = "";
        show();
        (list.querySelector("button") || sent).focus();
      });
      item.append(image, remove);
      return item;
    }

    async function take(input) {
      const files = [...input.files];
      if (input !== sent) input.value = "";
      sent.files = filled(chosen);
      busy += 1;
      field.setAttribute("aria-busy", "true");
      const made = await Promise.all(files.map(smaller));
      const [lon, lat] = (await Promise.all(files.map(placeOf))).find(Boolean) ?? [];
      if (lon !== undefined) form.dispatchEvent(new CustomEvent("photo-place", { detail: { lon, lat } }));
      busy -= 1;
      if (!busy) field.removeAttribute("aria-busy");
      const all = [...chosen, ...made];
      chosen = all.slice(0, Math.max(room(), 0));
      said.textContent = all.length > chosen.length ? field.dataset.tooMany : "";
      show();
      if (waiting && !busy) form.requestSubmit(waiting.button);
    }

    for (const input of inputs) input.addEventListener("change", () => take(input));
    form.addEventListener(
      "submit",
      (event) => {
        waiting = busy ? { button: event.submitter } : null;
        if (!waiting) return;
        event.preventDefault();
        event.stopImmediatePropagation();
      },
      { capture: true },
    );
    field.classList.add("photo-ready");
    if (sent.files.length) take(sent); // a page that was gone back to
  }

  const ready = (within) => within.querySelectorAll("[data-photos]:not(.photo-ready)").forEach(setUp);
  ready(document);
  document.addEventListener("htmx:load", (event) => ready(event.target));
})();
