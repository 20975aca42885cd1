// Sentences that are ready: a tap puts one into the text of its form, behind what stands there.
"use strict";

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-say]");
  const form = chip?.closest("form");
  const text = form?.querySelector("textarea");
  if (!text) return;
  const before = text.value.trimEnd();
  if (before.includes(chip.dataset.say)) return;
  text.value = before ? `${before}\n${chip.dataset.say}` : chip.dataset.say;
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.scrollIntoView({ block: "nearest" });
  const step = form.querySelector(`input[name="step"][value="${chip.dataset.step}"]`);
  if (step && !form.querySelector('input[name="step"]:checked')) step.checked = true;
});
