/* Where two people changed the same fields: one button chooses for all of them. */
(function () {
  "use strict";
  const panel = document.querySelector(".conflict-panel");
  if (!panel) { return; }
  const choices = { "take-theirs": "theirs", "keep-mine": "yours" };

  panel.querySelector(".conflict-actions").hidden = false;
  panel.addEventListener("click", function (event) {
    const button = event.target.closest("[data-action]");
    if (!button || !choices[button.dataset.action]) { return; }
    panel.querySelectorAll("input[type='radio'][value='" + choices[button.dataset.action] + "']").forEach(function (radio) { radio.checked = true; });
  });
})();
