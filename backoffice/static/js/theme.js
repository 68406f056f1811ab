/* Runs before the first paint: the theme and row height that the person chose, else the system's. */
(function () {
  "use strict";
  var root = document.documentElement;
  function kept(name) {
    try { return localStorage.getItem(name); } catch (error) { return null; }
  }
  var isDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.setAttribute("data-bs-theme", kept("theme") || (isDark ? "dark" : "light"));
  root.setAttribute("data-density", kept("density") || "comfortable");
  root.setAttribute("data-scripted", "");
})();
