/* Runs before the first paint, and whenever the system changes: the theme that the person chose, else this browser's,
   else the system's. */
(function () {
  "use strict";
  var root = document.documentElement;
  var system = window.matchMedia("(prefers-color-scheme: dark)");
  function kept() {
    try { return localStorage.getItem("theme"); } catch (error) { return null; }
  }
  function show() {
    var chosen = root.getAttribute("data-theme");
    if (chosen === "kept") { chosen = kept(); }
    if (chosen !== "light" && chosen !== "dark") { chosen = system.matches ? "dark" : "light"; }
    root.setAttribute("data-bs-theme", chosen);
  }
  show();
  system.addEventListener("change", show);
  root.setAttribute("data-scripted", "");
})();
