/* Keys: single ones act while nobody types and can be switched off; `?` lists those of the page at hand. */
(function () {
  "use strict";
  const root = document.documentElement;
  const text = window.backoffice.text;
  const acts = window.backoffice.acts;
  const dialog = document.getElementById("keys-dialog");
  const list = document.querySelector("[data-list]");
  let row = -1;

  function rows() { return list ? Array.from(list.querySelectorAll("tbody tr[data-key]")) : []; }
  function boxOf(line) { return line && line.querySelector("input[name='rowid']"); }

  /* The row that the keys are at: where the focus is, else where they were last. */
  function here() {
    const all = rows();
    const focused = document.activeElement && document.activeElement.closest("tr[data-key]");
    return focused ? all.indexOf(focused) : Math.min(row, all.length - 1);
  }
  function goTo(place) {
    const all = rows();
    if (!all.length) { return; }
    row = Math.max(0, Math.min(place, all.length - 1));
    all.forEach(function (one, at) { one.toggleAttribute("data-at", at === row); });
    const target = all[row].querySelector(".product-name[href], .col-name a") || boxOf(all[row]);
    if (target) { target.focus({ preventScroll: true }); }
    all[row].scrollIntoView({ block: "nearest" });
  }
  function select(isRange) {
    const all = rows();
    const box = boxOf(all[here()]);
    if (!box) { return; }
    row = here();
    box.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: isRange }));
  }
  function edit() {
    const line = rows()[here()];
    /* The focus is on the name after J and K; it means a cell only where it is on that cell's own button. */
    const focused = document.activeElement && document.activeElement.closest("[data-action='cell']");
    const button = focused || (line && (
      line.querySelector("[data-cell='price'] [data-action='cell']") || line.querySelector("[data-action='cell']")));
    if (button) { button.click(); }
  }

  const ofLists = {
    j: { label: text("Next row"), act() { goTo(here() + 1); } },
    k: { label: text("Previous row"), act() { goTo(here() - 1); } },
    x: { label: text("Select the row"), act() { select(false); } },
    X: { label: text("Select up to the row"), act() { select(true); } },
    e: { label: text("Edit a cell of the row, the price first"), act: edit },
  };

  acts.keys = function () {
    if (!dialog || dialog.open) { return; }
    const lines = [[text("Ctrl K"), text("Search or jump to anything")]];
    document.querySelectorAll("[data-key][data-key-label]").forEach(function (target) {
      lines.push([target.dataset.key.toUpperCase(), target.dataset.keyLabel]);
    });
    if (list) {
      Object.entries(ofLists).forEach(function (pair) {
        if (!/x/i.test(pair[0]) || boxOf(rows()[0])) { lines.push([pair[0] === "X" ? text("Shift X") : pair[0].toUpperCase(), pair[1].label]); }
      });
    }
    if (document.querySelector("[data-record-form]")) { lines.push([text("Ctrl S"), text("Save")]); }
    lines.push([text("Esc"), text("Close what is open")], ["?", text("Show these keys")]);
    dialog.querySelector("[data-keys]").replaceChildren(...lines.flatMap(function (line) {
      const term = document.createElement("dt");
      const key = document.createElement("kbd");
      key.textContent = line[0];
      term.append(key);
      const words = document.createElement("dd");
      words.textContent = line[1];
      return [term, words];
    }));
    dialog.showModal();
  };
  acts["keys-close"] = function () { dialog.close(); };
  if (dialog) {
    dialog.addEventListener("click", function (event) { if (event.target === dialog) { dialog.close(); } });
    dialog.querySelector("input[data-single-keys]").addEventListener("change", function (event) {
      root.dataset.singleKeys = event.target.checked ? "on" : "off";
      window.backoffice.prefer({ has_single_keys: event.target.checked ? "y" : "" });
    });
  }

  document.addEventListener("keydown", function (event) {
    const isTyping = event.target.closest("input:not([type='checkbox']):not([type='radio']), textarea, select, [contenteditable], dialog, details.filter-chip[open]");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || root.dataset.singleKeys === "off") { return; }
    if (event.key === "?") { event.preventDefault(); acts.keys(); return; }
    const ofList = list && (ofLists[event.key] || (event.key !== "X" && ofLists[event.key.toLowerCase()]));
    if (ofList) { event.preventDefault(); ofList.act(); return; }
    const target = document.querySelector("[data-key='" + CSS.escape(event.key.toLowerCase()) + "']:not(tr)");
    if (target) {
      event.preventDefault();
      if (target.matches("input")) { target.focus(); target.select(); } else { target.click(); }
    }
  });
})();
