/* Choosing rows of a list: the bar with what to do appears with the first one; a second click with Shift takes the range. */
(function () {
  "use strict";
  const list = document.querySelector("[data-list]");
  if (list) { chooseRows(list); }
  foldUnsetFilters();

  function chooseRows(list) {
    const all = list.querySelector("[data-selects-all]");
    const bar = list.querySelector("[data-selection-bar]");
    const boxes = Array.from(list.querySelectorAll("input[name='rowid']"));
    if (!all || !bar) { return; }
    let last = null;
    function show() {
      const chosen = boxes.filter(function (box) { return box.checked; });
      boxes.forEach(function (box) { box.closest("tr").toggleAttribute("data-selected", box.checked); });
      bar.hidden = chosen.length === 0;
      bar.querySelector("[data-selection-count]").textContent = chosen.length + " selected";
      all.checked = chosen.length > 0 && chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
    list.addEventListener("click", function (event) {
      const box = event.target.closest("input[name='rowid']");
      if (!box) { return; }
      if (event.shiftKey && last) {
        const from = boxes.indexOf(last);
        const to = boxes.indexOf(box);
        boxes.slice(Math.min(from, to), Math.max(from, to) + 1).forEach(function (one) { one.checked = box.checked; });
      }
      last = box;
      show();
    });
    all.addEventListener("change", function () {
      boxes.forEach(function (box) { box.checked = all.checked; });
      show();
    });
    show();
  }

  /* A menu opens to the side on which there is room. */
  document.querySelectorAll("details.filter-chip").forEach(function (chip) {
    chip.addEventListener("toggle", function () {
      const menu = chip.querySelector(".filter-menu");
      if (!chip.open || !menu || window.innerWidth < 768) { return; }
      const from = chip.getBoundingClientRect().left;
      menu.dataset.side = from + menu.offsetWidth > document.documentElement.clientWidth - 8 ? "left" : "right";
    });
  });

  /* On a narrow screen, filters that are not set fold behind one button. */
  function foldUnsetFilters() {
    const more = document.querySelector("[data-action='more-filters']");
    if (!more) { return; }
    more.hidden = false;
    more.addEventListener("click", function () {
      const isOpen = more.closest("form").toggleAttribute("data-all-filters");
      more.setAttribute("aria-expanded", String(isOpen));
    });
  }
})();
