// A voice note recorded on the page: a minute at most, listened to before it is sent. Without this file, or in a browser
// that cannot record, a recording is chosen like any other file.
"use strict";

(() => {
  const field = document.querySelector("[data-voice]");
  const able = navigator.mediaDevices?.getUserMedia && typeof MediaRecorder !== "undefined" && isSecureContext;
  if (!field || !able) return;

  const input = field.querySelector("input[type=file]");
  const part = (name) => field.querySelector(`[data-${name}]`);
  const [start, stop, drop, said] = ["start", "stop", "drop", "heard"].map(part);
  const kinds = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
  const kind = kinds.find((one) => MediaRecorder.isTypeSupported(one));
  if (!kind) return;
  part("record").hidden = false;
  part("choose").hidden = true; // one way is enough

  let recorder = null;
  let ends = null;

  function shown(file) {
    field.querySelector("audio")?.remove();
    start.hidden = Boolean(file);
    stop.hidden = true;
    drop.hidden = !file;
    said.textContent = "";
    if (!file) return;
    const player = document.createElement("audio");
    player.controls = true;
    player.src = URL.createObjectURL(file);
    said.after(player);
  }

  function keep(file) {
    const made = new DataTransfer();
    if (file) made.items.add(file);
    input.files = made.files;
    shown(file);
  }

  function count(left) {
    said.textContent = field.dataset.left.replace("{n}", left);
    ends = left > 0 ? setTimeout(() => count(left - 1), 1000) : null;
    if (left <= 0) recorder?.stop();
  }

  start.addEventListener("click", async () => {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      said.textContent = field.dataset.denied;
      part("choose").hidden = false;
      return;
    }
    const parts = [];
    recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 32_000 });
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      clearTimeout(ends);
      stream.getTracks().forEach((track) => track.stop());
      const type = kind.split(";")[0];
      keep(new File(parts, "voice", { type }));
      drop.focus();
    });
    recorder.start();
    start.hidden = true;
    stop.hidden = false;
    stop.focus();
    count(Number(field.dataset.seconds));
  });
  stop.addEventListener("click", () => recorder?.stop());
  drop.addEventListener("click", () => {
    keep(null);
    start.focus();
  });
  input.addEventListener("change", () => shown(input.files[0] ?? null));
})();
