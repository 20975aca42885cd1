// The hotline's page by keyboard: Alt and a digit say what becomes of the call, Alt+N takes the next one, Alt+A an answer
// that was given before. Without this file the page is the form that it is.
"use strict";

(() => {
  const one = (selector) => document.querySelector(selector);

  function choose(place) {
    const radio = document.querySelectorAll("#call [name='outcome']")[place];
    if (!radio) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    const first = document.querySelector(`#call [data-for~="${radio.value}"] :is(input:not([type=hidden]), select, textarea)`);
    (radio.value === "added" ? (one("#beside [name='matter']") ?? radio) : (first ?? radio)).focus();
  }

  function use(button) {
    const answer = one("#answer");
    const said = button?.closest("li")?.querySelector("[data-answer]");
    if (!answer || !said) return;
    answer.value = said.textContent;
    choose(1);
    answer.dispatchEvent(new Event("input", { bubbles: true }));
    answer.focus();
  }

  // What was refused is typed next.
  one("main .field [aria-invalid], main .field[aria-invalid]")
    ?.closest(".field")
    .querySelector("input:not([type=hidden]), select, textarea")
    ?.focus();

  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const digit = /^Digit([1-4])$/.exec(event.code)?.[1];
    if (digit && one("#call")) choose(Number(digit) - 1);
    else if (event.code === "KeyN") location.assign((one("[data-next]") ?? one(".hotline-ways a")).href);
    else if (event.code === "KeyA") use(one("#beside [data-use]"));
    else return;
    event.preventDefault();
  });

  // ---- what is typed and not saved yet goes along when the page goes

  const form = one("#call");
  let typed = 0;
  let sent = 0;
  for (const happened of ["input", "change"]) {
    form?.addEventListener(happened, () => {
      typed += 1;
      form.dataset.unsaved = "";
    });
  }
  form?.addEventListener("htmx:beforeRequest", () => (sent = typed));
  form?.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && sent === typed) delete form.dataset.unsaved;
  });
  form?.addEventListener("submit", () => delete form.dataset.unsaved);
  addEventListener("pagehide", () => {
    if (form?.dataset.unsaved === undefined) return;
    fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" }, keepalive: true });
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-use]");
    if (button) use(button);
    if (event.target.name !== "matter") return;
    document.querySelectorAll("#call [name='outcome']")[3].checked = true;
    one("#call").dispatchEvent(new Event("change")); // it stands outside the form, which saves itself
  });
})();
