/* The variants' table of a product: lines are added as needed, and only the columns of named options show. */
(function () {
  "use strict";
  const table = document.querySelector("[data-variants]");
  const template = document.querySelector("[data-variant-template]");
  const add = document.querySelector("[data-action='add-variant']");
  if (!table || !template || !add) { return; }
  /* After a refused save the lines added before are on the page already, and a second one of a name loses its data. */
  let made = Math.max(0, ...Array.from(table.querySelectorAll("[name^='variants-added']"), function (input) {
    return Number.parseInt(input.name.slice("variants-added".length), 10) || 0;
  }));

  table.querySelectorAll("[data-spare]").forEach(function (row) { row.remove(); });
  add.hidden = false;
  add.addEventListener("click", function () {
    made += 1;
    const row = template.content.querySelector("tr").cloneNode(true);
    row.querySelectorAll("[name], [id]").forEach(function (input) {
      ["name", "id", "data-was"].forEach(function (attribute) {
        const value = input.getAttribute(attribute);
        if (value) { input.setAttribute(attribute, value.replace("TOKEN", "added" + made)); }
      });
    });
    table.tBodies[0].append(row);
    showOptions();
    const first = Array.from(row.querySelectorAll("input:not([type='hidden'])")).find(function (input) { return input.offsetParent; });
    if (first) { first.focus(); }
    table.dispatchEvent(new Event("change", { bubbles: true }));
  });

  function showOptions() {
    document.querySelectorAll("[data-option]").forEach(function (input) {
      const place = input.dataset.option;
      const isNamed = input.value.trim() !== "";
      table.querySelectorAll("[data-option-cell='" + place + "'], [data-option-head='" + place + "']").forEach(function (cell) {
        cell.hidden = !isNamed;
      });
      const head = table.querySelector("[data-option-head='" + place + "']");
      if (isNamed) { head.textContent = input.value; }
    });
  }
  document.querySelectorAll("[data-option]").forEach(function (input) { input.addEventListener("input", showOptions); });
  showOptions();
})();
