/* Runs before the first paint: the theme that the person chose, else this browser's, else the system's. */
(function () {
  "use strict";
  var root = document.documentElement;
  var chosen = root.getAttribute("data-theme");
  function kept() {
    try { return localStorage.getItem("theme"); } catch (error) { return null; }
  }
  if (chosen === "kept") { chosen = kept(); }
  if (chosen !== "light" && chosen !== "dark") {
    chosen = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  root.setAttribute("data-bs-theme", chosen);
  root.setAttribute("data-scripted", "");
})();
