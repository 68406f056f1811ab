/* A record's form: counts what is not saved yet, marks it, guards it, and saves with Ctrl-S. */
(function () {
  "use strict";
  const form = document.querySelector("[data-record-form]");
  if (!form) { return; }
  const state = form.querySelector("[data-unsaved]");
  const started = new Map();
  let isLeaving = false;

  function inputs() {
    return Array.from(form.elements).filter(function (input) {
      return input.name && input.type !== "hidden" && input.type !== "submit" && input.name.indexOf("choice-") === -1;
    });
  }
  function valueOf(input) {
    if (input.type === "checkbox") { return String(input.checked); }
    if (input.tagName === "SELECT") { return Array.from(input.selectedOptions, function (one) { return one.value; }).join(","); }
    return input.value;
  }
  function originalOf(input) {
    const originals = Array.from(form.querySelectorAll("[data-was='" + CSS.escape(input.name) + "']"));
    const marker = form.querySelector("[name='" + CSS.escape(input.name) + "']");
    if (!originals.length && !marker) { return ""; }
    if (input.type === "checkbox" && !input.name.endsWith("remove")) { return String(originals.length > 0); }
    if (input.tagName === "SELECT") { return originals.map(function (one) { return one.value; }).sort().join(","); }
    return originals.length ? originals[0].value : "";
  }
  function isChanged(input) {
    if (!started.has(input)) {
      /* After a refused save the page holds what was typed, and that is not saved yet. */
      started.set(input, form.querySelector("[name='version']") ? originalOf(input) : input.defaultValue === undefined ? valueOf(input) : startOf(input));
    }
    const value = input.tagName === "SELECT" ? valueOf(input).split(",").sort().join(",") : valueOf(input).replace(/\r\n/g, "\n");
    return value !== started.get(input).replace(/\r\n/g, "\n");
  }
  function startOf(input) {
    return input.type === "checkbox" ? String(input.defaultChecked) : input.defaultValue;
  }
  function count() {
    let changed = 0;
    inputs().forEach(function (input) {
      const is = isChanged(input);
      input.toggleAttribute("data-changed", is);
      if (is) { changed += 1; }
    });
    state.textContent = changed === 0 ? "" : changed === 1 ? "1 unsaved change" : changed + " unsaved changes";
    return changed;
  }

  form.addEventListener("input", count);
  form.addEventListener("change", count);
  form.addEventListener("submit", function () {
    isLeaving = true;
    form.querySelectorAll("[data-saves]").forEach(function (button) {
      button.setAttribute("aria-disabled", "true");
      button.firstChild.textContent = "Saving… ";
    });
  });
  window.addEventListener("pageshow", function () { isLeaving = false; });
  window.addEventListener("beforeunload", function (event) {
    if (!isLeaving && count() > 0) { event.preventDefault(); }
  });
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-saves]"));
    }
  });
  const invalid = form.querySelector("[aria-invalid='true']");
  if (invalid && !document.querySelector("[data-focus]")) { invalid.focus(); }
  count();
})();
