// The back office: names and keys for parts of its theme that have none.
// A list to search in is known by the words beside it.
const named = () => {
  for (const list of document.querySelectorAll("select.select2-hidden-accessible")) {
    const words = document.querySelector(`label[for="${list.id}"]`)?.firstChild?.textContent.trim();
    const shown = list.nextElementSibling?.querySelectorAll("[role=combobox], [role=textbox]") ?? [];
    for (const part of words ? shown : []) {
      part.setAttribute("aria-label", words);
      part.removeAttribute("aria-labelledby");
    }
  }
};

addEventListener("load", () => {
  globalThis.django?.jQuery?.(named); // queued behind what makes these lists, which may come after `load`
  // What only a pointer could press.
  for (const part of document.querySelectorAll("#main a:not([href]), #nav-sidebar a:not([href])")) {
    part.tabIndex = 0;
    part.setAttribute("role", "button");
    part.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      part.click();
    });
  }
  const title = document.querySelector("h1")?.textContent.trim();
  for (const part of document.querySelectorAll(".simplebar-content-wrapper")) part.setAttribute("aria-label", title);
});
