/* A record's form: counts what is not saved yet, marks it, guards it, and saves with Ctrl-S. */
(function () {
  "use strict";
  const form = document.querySelector("[data-record-form]");
  if (!form) { return; }
  const state = form.querySelector("[data-unsaved]");
  const started = new Map();
  const isNew = !form.querySelector("input[name='version']");
  const isRefused = form.hasAttribute("data-refused");
  const buttons = Array.from(form.querySelectorAll("[data-saves]"), function (button) {
    return { button: button, label: button.firstChild.textContent };
  });
  let isLeaving = false;

  function inputs() {
    return Array.from(form.elements).filter(function (input) {
      return input.name && input.type !== "hidden" && input.type !== "submit" && !input.name.includes("choice-") && input.name !== "password";
    });
  }
  function valueOf(input) {
    if (input.type === "checkbox") { return String(input.checked); }
    if (input.tagName === "SELECT") { return Array.from(input.selectedOptions, function (one) { return one.value; }).join(","); }
    return input.value;
  }
  /* What the record holds: after a refused save the page shows what was typed, and that is not saved yet. */
  function originalOf(input) {
    const originals = Array.from(form.querySelectorAll("[data-was='" + CSS.escape(input.name) + "']"), function (one) { return one.value; });
    if (input.name.endsWith("-remove")) { return "false"; }
    if (input.type === "checkbox") { return String(originals.length > 0); }
    if (input.tagName === "SELECT") { return originals.sort().join(","); }
    return originals.length ? originals[0] : "";
  }
  function startOf(input) {
    if (isRefused) { return blankOf(input); }
    if (input.type === "checkbox") { return String(input.defaultChecked); }
    return input.tagName === "SELECT" ? sorted(valueOf(input)) : input.defaultValue;
  }
  /* Nothing of a refused new record is stored: whatever is not as on an empty page is unsaved. */
  function blankOf(input) {
    if (input.type === "checkbox") { return "false"; }
    if (input.tagName !== "SELECT" || input.multiple) { return ""; }
    const draft = Array.from(input.options).some(function (one) { return one.value === "draft"; });
    return draft ? "draft" : input.options.length ? input.options[0].value : "";
  }
  function sorted(list) { return list.split(",").sort().join(","); }
  function plain(text) { return text.replace(/\r\n/g, "\n").trim(); }
  function isChanged(input) {
    if (!started.has(input)) { started.set(input, isNew ? startOf(input) : originalOf(input)); }
    const value = input.tagName === "SELECT" ? sorted(valueOf(input)) : valueOf(input);
    return plain(value) !== plain(started.get(input));
  }
  function count() {
    let changed = 0;
    inputs().forEach(function (input) {
      const is = isChanged(input);
      input.toggleAttribute("data-changed", is);
      if (is) { changed += 1; }
    });
    state.textContent = changed === 0 ? "" : changed === 1 ? window.backoffice.text("1 unsaved change") : window.backoffice.text("%(count)s unsaved changes", { count: changed });
    return changed;
  }

  form.addEventListener("input", count);
  form.addEventListener("change", count);
  form.addEventListener("submit", function () {
    isLeaving = true;
    buttons.forEach(function (one) {
      one.button.setAttribute("aria-disabled", "true");
      one.button.firstChild.textContent = window.backoffice.text("Saving…") + " ";
    });
  });
  /* The browser's Back may show the page as it was left, in the midst of saving. */
  window.addEventListener("pageshow", function () {
    isLeaving = false;
    buttons.forEach(function (one) {
      one.button.removeAttribute("aria-disabled");
      one.button.firstChild.textContent = one.label;
    });
    count();
  });
  window.addEventListener("beforeunload", function (event) {
    if (!isLeaving && count() > 0) { event.preventDefault(); }
  });
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-saves]"));
    }
  });
  /* A list that is searched as one types is hidden behind its search field, which stands in for it. */
  const invalid = Array.from(form.querySelectorAll("[aria-invalid='true']")).find(function (input) { return input.offsetParent; });
  if (invalid && !document.querySelector("[data-focus]")) { invalid.focus(); }
  count();
})();
