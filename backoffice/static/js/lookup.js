/* A list of related records that is searched as one types; without a script it stays a plain list. */
(function () {
  "use strict";
  let number = 0;
  document.querySelectorAll("select[data-lookup]").forEach(enhance);

  function enhance(select) {
    if (!select.dataset.lookup || select.dataset.lookup === "None") { return; }
    number += 1;
    const isMany = select.multiple;
    const box = document.createElement("div");
    box.className = "lookup";
    const chips = document.createElement("div");
    chips.className = "value-list";
    chips.hidden = true;
    const input = document.createElement("input");
    input.className = "form-control";
    input.type = "text";
    input.autocomplete = "off";
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-autocomplete", "list");
    const options = document.createElement("ul");
    options.className = "lookup-options";
    options.id = "lookup-" + number;
    options.setAttribute("role", "listbox");
    options.hidden = true;
    input.setAttribute("aria-controls", options.id);
    const label = document.querySelector("label[for='" + CSS.escape(select.id) + "']");
    if (label) { label.htmlFor = select.id + "-search"; options.setAttribute("aria-label", label.textContent.trim()); }
    input.id = select.id + "-search";
    ["aria-describedby", "aria-invalid"].forEach(function (name) {
      if (select.hasAttribute(name)) { input.setAttribute(name, select.getAttribute(name)); }
    });
    select.hidden = true;
    select.classList.add("visually-hidden");
    select.tabIndex = -1;
    box.append(chips, input, options);
    select.after(box);
    let results = [];
    let active = -1;
    let timer = 0;
    let hasTyped = false;
    let isOpenedByKey = false;
    let shownFor = null;

    function chosen() { return Array.from(select.selectedOptions).filter(function (one) { return one.value; }); }
    function show() {
      chips.replaceChildren();
      if (!isMany) { input.value = chosen().length ? chosen()[0].text : ""; input.placeholder = window.backoffice.text("None"); return; }
      input.value = "";
      input.placeholder = window.backoffice.text("Type to add");
      chosen().forEach(function (option) {
        const chip = document.createElement("span");
        chip.className = "value-chip";
        chip.textContent = option.text;
        const remove = document.createElement("button");
        remove.type = "button";
        remove.setAttribute("aria-label", window.backoffice.text("Remove %(name)s", { name: option.text }));
        remove.innerHTML = '<span class="bi bi-x" aria-hidden="true"></span>';
        remove.addEventListener("click", function () { option.selected = false; changed(); input.focus(); });
        chip.append(remove);
        chips.append(chip);
      });
      chips.hidden = chosen().length === 0;
    }
    function changed() { show(); select.dispatchEvent(new Event("change", { bubbles: true })); }
    function choose(result) {
      let option = Array.from(select.options).find(function (one) { return one.value === String(result[0]); });
      if (!option) { option = new Option(result[1], result[0]); select.add(option); }
      if (!isMany) { select.value = String(result[0]); } else { option.selected = true; }
      close();
      changed();
    }
    function close() { options.hidden = true; active = -1; hasTyped = false; isOpenedByKey = false; shownFor = null; window.clearTimeout(timer); input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); }
    function mark(place) {
      active = place;
      Array.from(options.children).forEach(function (one, at) { one.setAttribute("aria-selected", String(at === place)); });
      if (options.children[place]) {
        input.setAttribute("aria-activedescendant", options.children[place].id);
        options.children[place].scrollIntoView({ block: "nearest" });
      }
    }
    /* Ask what matches, and return whether the list shows it: a newer question may have overtaken this one. */
    async function look() {
      const asked = input.value.trim();
      const url = new URL(select.dataset.lookup, location.href);
      url.searchParams.set("query", !isMany && chosen().length && asked === chosen()[0].text ? "" : asked);
      let found = [];
      try {
        const response = await fetch(url, { headers: { Accept: "application/json" } });
        if (response.ok) { found = await response.json(); }
      } catch (error) { found = []; }
      if (document.activeElement !== input || input.value.trim() !== asked) { return false; }
      const taken = new Set(isMany ? chosen().map(function (one) { return one.value; }) : []);
      results = found.filter(function (one) { return !taken.has(String(one[0])); });
      options.replaceChildren();
      results.forEach(function (result, at) {
        const item = document.createElement("li");
        item.className = "lookup-option";
        item.id = options.id + "-" + at;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.textContent = result[1];
        item.dataset.value = result[0];
        item.addEventListener("mousedown", function (event) { event.preventDefault(); choose(result); });
        options.append(item);
      });
      options.hidden = results.length === 0;
      input.setAttribute("aria-expanded", String(results.length > 0));
      active = -1;
      shownFor = asked;
      select.dispatchEvent(new CustomEvent("lookup-shown", { bubbles: true, detail: options }));
      return true;
    }
    /* Only what was pointed at or typed is chosen; a list that opened by itself chooses nothing. */
    async function enter(event) {
      if (active >= 0) { event.preventDefault(); choose(results[active]); return; }
      const asked = input.value.trim();
      const isSought = hasTyped && asked !== "";
      if (hasTyped || (isOpenedByKey && !options.hidden)) { event.preventDefault(); }
      if (!isSought) {
        const isCleared = hasTyped && !isMany && chosen().length > 0;
        close();
        if (isCleared) { select.value = ""; changed(); }
        return;
      }
      window.clearTimeout(timer);
      const isShown = shownFor === asked || await look();
      if (isShown && results.length && input.value.trim() === asked) { choose(results[0]); }
    }
    input.addEventListener("input", function () { hasTyped = true; window.clearTimeout(timer); timer = window.setTimeout(look, 120); });
    input.addEventListener("focus", function () { if (!isMany) { input.select(); } look(); });
    input.addEventListener("blur", function () {
      close();
      if (!isMany && input.value.trim() === "" && chosen().length) { select.value = ""; changed(); } else { show(); }
    });
    input.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown") { event.preventDefault(); if (options.hidden) { isOpenedByKey = true; look(); } else { mark(Math.min(active + 1, results.length - 1)); } }
      if (event.key === "ArrowUp") { event.preventDefault(); if (!options.hidden) { mark(Math.max(active - 1, 0)); } }
      if (event.key === "Enter") { enter(event); }
      if (event.key === "Escape" && !options.hidden) { event.stopPropagation(); close(); show(); }
      if (event.key === "Backspace" && isMany && input.value === "" && chosen().length) {
        chosen()[chosen().length - 1].selected = false;
        changed();
      }
    });
    show();
  }
})();
