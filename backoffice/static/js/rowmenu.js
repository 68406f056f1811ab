/* What else can be done with a row: one menu for the whole list, opened by the row's own button. */
(function () {
  "use strict";
  const list = document.querySelector("[data-list]");
  const menu = document.getElementById("row-menu");
  if (!list || !menu) { return; }
  const links = Array.from(menu.querySelectorAll("a"));
  let opener = null;

  list.addEventListener("click", function (event) {
    const button = event.target.closest("[data-action='row-menu']");
    if (!button) { return; }
    const wasOpen = opener === button;
    if (menu.matches(":popover-open")) { menu.hidePopover(); }
    if (!wasOpen) { open(button); }
  });

  function open(button) {
    const key = button.closest("tr").dataset.key;
    links.forEach(function (link) { link.href = link.dataset.url + "?id=" + key; });
    menu.showPopover();
    opener = button;
    button.setAttribute("aria-expanded", "true");
    /* Below the button where there is room, else above it; its right edge under the button's. */
    const at = button.getBoundingClientRect();
    const isLow = at.bottom + menu.offsetHeight + 8 > window.innerHeight;
    menu.style.left = Math.max(8, at.right - menu.offsetWidth) + "px";
    menu.style.top = (isLow ? at.top - menu.offsetHeight - 4 : at.bottom + 4) + "px";
    links[0].focus();
  }

  menu.addEventListener("toggle", function (event) {
    if (event.newState !== "closed" || !opener) { return; }
    opener.setAttribute("aria-expanded", "false");
    opener = null;
  });
  menu.addEventListener("keydown", function (event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    const place = links.indexOf(document.activeElement);
    if (event.key in steps) {
      event.preventDefault();
      links[(place + steps[event.key] + links.length) % links.length].focus();
    }
    if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      links[event.key === "Home" ? 0 : links.length - 1].focus();
    }
    if (event.key === "Tab") { menu.hidePopover(); }
  });
  window.addEventListener("scroll", function () { if (opener) { menu.hidePopover(); } }, { passive: true });
})();
