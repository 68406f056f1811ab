/* A list: choosing its rows, on this page or all that match; its filters with counts; its columns. */
(function () {
  "use strict";
  const text = window.backoffice.text;
  const list = document.querySelector("[data-list]");
  if (list) { chooseRows(list); fitColumns(list); }
  const filters = document.querySelector("[data-filters]");
  if (filters) { foldRareFilters(filters); countChoices(filters); }
  const columns = document.querySelector("[data-columns]");
  if (columns) { moveColumns(columns); }

  function chooseRows(list) {
    const all = list.querySelector("[data-selects-all]");
    const bar = list.querySelector("[data-selection-bar]");
    const boxes = Array.from(list.querySelectorAll("input[name='rowid']"));
    if (!all || !bar) { return; }
    const matching = bar.querySelector("[data-select-matching]");
    const matchingBox = matching ? matching.querySelector("input") : null;
    let last = null;
    function show() {
      const chosen = boxes.filter(function (box) { return box.checked; });
      const isWholePage = chosen.length > 0 && chosen.length === boxes.length;
      boxes.forEach(function (box) { box.closest("tr").toggleAttribute("data-selected", box.checked); });
      bar.toggleAttribute("data-open", chosen.length > 0);
      if (matching) {
        matching.hidden = !isWholePage;
        if (!isWholePage) { matchingBox.checked = false; }
      }
      const words = matchingBox && matchingBox.checked ? text("All of them, on every page") : text("%(count)s selected", { count: chosen.length });
      const place = bar.querySelector("[data-selection-count]");
      if (place.textContent !== words) { place.textContent = words; }
      all.checked = isWholePage;
      all.indeterminate = chosen.length > 0 && !isWholePage;
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
    list.addEventListener("change", function (event) {
      if (event.target === all) { boxes.forEach(function (box) { box.checked = all.checked; }); }
      show();
    });
    /* Coming back to the page, a browser ticks what was ticked. */
    window.addEventListener("pageshow", show);
    show();
  }

  /* Columns take what they need, unless that is more than there is. */
  function fitColumns(list) {
    const table = list.querySelector("table");
    function isTooWide() { return table.offsetWidth > list.clientWidth; }
    function fit() {
      table.removeAttribute("data-tight");
      list.removeAttribute("data-wide");
      table.toggleAttribute("data-tight", isTooWide());
      list.toggleAttribute("data-wide", isTooWide());
    }
    window.addEventListener("resize", fit);
    fit();
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

  /* What is typed after a filter was opened is meant for it, not for the keys of the page. */
  document.querySelectorAll("details.filter-chip").forEach(function (chip) {
    chip.querySelector("summary").addEventListener("click", function (event) {
      /* Opened here and not by the browser, which may do so only after the next key. */
      event.preventDefault();
      chip.open = !chip.open;
      const field = chip.open && chip.querySelector(".filter-menu input:not([type='hidden'], [type='checkbox']), .filter-menu select:not([hidden])");
      if (field && field.getClientRects().length) { field.focus(); }
    });
  });

  /* Filters that are rare, and on a narrow screen all that are not set, fold behind one button. */
  function foldRareFilters(form) {
    const more = form.querySelector("[data-action='more-filters']");
    if (!more) { return; }
    more.addEventListener("click", function () {
      const isOpen = form.toggleAttribute("data-all-filters");
      more.setAttribute("aria-expanded", String(isOpen));
      const first = form.querySelector(".filter-chip[data-rare] > summary");
      if (isOpen && first) { first.focus(); }
    });
  }

  /* Beside each choice, how many rows it would leave; on the button, how many there will be. */
  function countChoices(form) {
    const url = form.dataset.countsUrl;
    if (!url) { return; }
    let waiting = null;
    let newest = 0;
    let newestOfChoices = 0;
    let isModeChanged = false;
    /* options: the related records that show; the choices of other filters stand in the menu from the start. */
    async function count(menu, asksChoices, options) {
      const asked = new URLSearchParams(new FormData(form));
      Array.from(asked.keys()).forEach(function (key) { if (asked.getAll(key).join("") === "") { asked.delete(key); } });
      const places = asksChoices ? menu.querySelectorAll("[data-option-count]") : [];
      if (places.length || options) { asked.set("counted", menu.dataset.filter); }
      const found = options ? Array.from(options.children) : [];
      found.forEach(function (option) { asked.append("of", option.dataset.value); });
      const number = newest += 1;
      const numberOfChoices = places.length ? newestOfChoices += 1 : 0;
      let answer;
      try {
        const response = await fetch(url + "?" + asked, { headers: { "Accept": "application/json" } });
        if (!response.ok) { return; }
        answer = await response.json();
      } catch (error) {
        return;
      }
      if (numberOfChoices === newestOfChoices) { places.forEach(function (place) { place.textContent = answer.counts[place.dataset.optionCount] || ""; }); }
      found.forEach(function (option) {
        const number = document.createElement("span");
        number.className = "num";
        number.textContent = answer.counts[option.dataset.value] || "";
        option.append(" ", number);
      });
      if (number !== newest) { return; }
      menu.querySelector("[data-show-count]").textContent =
        answer.problems.length ? text("Show") : text("Show %(count)s", { count: answer.total });
    }
    form.addEventListener("toggle", function (event) {
      const menu = event.target.open && event.target.querySelector(".filter-menu[data-filter]");
      if (menu) { count(menu, true); }
    }, true);
    form.addEventListener("lookup-shown", function (event) {
      if (event.detail.children.length) { count(event.target.closest(".filter-menu[data-filter]"), false, event.detail); }
    });
    form.addEventListener("change", function (event) {
      const menu = event.target.matches("select") && event.target.closest(".filter-menu[data-filter]");
      if (menu) { count(menu, false); }
    });
    form.addEventListener("input", function (event) {
      const menu = event.target.closest(".filter-menu[data-filter]");
      /* What is typed to look a record up has no name, and asks nothing of the list yet. */
      if (!menu || !event.target.name) { return; }
      /* By "all but these", each choice would find others. */
      isModeChanged = isModeChanged || event.target.name.endsWith("__mode");
      window.clearTimeout(waiting);
      waiting = window.setTimeout(function () { count(menu, isModeChanged); isModeChanged = false; }, 150);
    });
  }

  /* The arrows move a column at once; nothing is kept until it is said. */
  function moveColumns(form) {
    form.addEventListener("click", function (event) {
      const button = event.target.closest("button[name='move']");
      if (!button) { return; }
      event.preventDefault();
      const line = button.closest("li");
      if (button.value.endsWith(":up") && line.previousElementSibling) {
        line.previousElementSibling.before(line);
      } else if (button.value.endsWith(":down") && line.nextElementSibling) {
        line.nextElementSibling.after(line);
      }
      button.focus();
    });
  }
})();
