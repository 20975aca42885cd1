// A long list is narrowed by typing a part of the name, letter by letter if need be: 城管 finds 城市管理局. Without
// scripts it stays the plain list that it is.
"use strict";

(() => {
  const fits = (name, typed) => {
    let from = 0;
    for (const letter of typed) {
      from = name.indexOf(letter, from) + 1;
      if (!from) return false;
    }
    return true;
  };
  const wanted = (box) => box.value.replace(/\s+/g, "").toLowerCase();

  function box(list) {
    const made = document.createElement("input");
    made.type = "search";
    made.className = "input search-list";
    made.placeholder = list.dataset.search;
    made.setAttribute("aria-label", list.dataset.search);
    made.autocomplete = "off";
    const none = document.createElement("p");
    none.className = "field-hint";
    none.setAttribute("role", "status");
    made.addEventListener("input", (event) => {
      if (event.isComposing) return;
      none.textContent = list.narrow(wanted(made)) ? "" : list.dataset.none;
    });
    made.addEventListener("compositionend", () => made.dispatchEvent(new Event("input")));
    // Enter takes what was found and goes on, it does not send the form.
    made.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      if (event.key !== "Enter" && event.key !== "ArrowDown") return;
      event.preventDefault();
      (list.matches("select") ? list : list.querySelector("label:not([hidden]) input"))?.focus();
    });
    list.before(made, none);
  }

  function narrowSelect(list) {
    const groups = [...list.children].map((part) => ({ part, options: part.matches("optgroup") ? [...part.children] : [part] }));
    // What has to be chosen lies open; what may be left alone opens when something is looked for.
    const show = (typed) => (list.size = list.required || typed ? 8 : 0);
    show("");
    list.narrow = (typed) => {
      const chosen = list.value;
      const found = [];
      for (const { part, options } of groups) {
        const fitting = options.filter((option) => !typed || fits((option.dataset.name ?? option.textContent).toLowerCase(), typed));
        if (part.matches("optgroup")) part.replaceChildren(...fitting);
        found.push(...fitting.filter((option) => option.value));
        if (fitting.length) list.append(part);
        else part.remove();
      }
      const near = found.find((option) => (option.dataset.name ?? "").toLowerCase().includes(typed)) ?? found[0];
      const kept = found.some((option) => option.value === chosen) ? chosen : null;
      list.value = typed ? near?.value ?? "" : kept ?? "";
      show(typed);
      list.dispatchEvent(new Event("change", { bubbles: true }));
      return found.length;
    };
    list.selectedOptions[0]?.scrollIntoView?.({ block: "nearest" });
  }

  function narrowChoices(list) {
    list.narrow = (typed) => {
      let found = 0;
      for (const choice of list.querySelectorAll(".choice")) {
        choice.hidden = Boolean(typed) && !choice.querySelector("input").checked && !fits(choice.textContent.toLowerCase(), typed);
        found += !choice.hidden;
      }
      for (const heading of list.querySelectorAll(".choices-group")) {
        let next = heading.nextElementSibling;
        while (next?.matches(".choice[hidden]")) next = next.nextElementSibling;
        heading.hidden = !next?.matches(".choice");
      }
      return found;
    };
  }

  function begin() {
    for (const list of document.querySelectorAll("[data-search]")) {
      if (list.narrow) continue;
      if (list.matches("select")) narrowSelect(list);
      else narrowChoices(list);
      box(list);
    }
  }

  begin();
  document.addEventListener("htmx:afterSettle", begin);
})();
