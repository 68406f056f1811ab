/* Shows what a movement of stock comes to before it is booked. */
(function () {
  "use strict";
  const input = document.querySelector("[data-stock-entry]");
  const result = document.querySelector("[data-stock-result]");
  if (!input || !result) { return; }
  function show() {
    const found = /^\s*([+\-−=])\s*(\d{1,10})\s*$/.exec(input.value);
    const before = Number(input.dataset.onHand);
    if (!found) { result.textContent = ""; return; }
    const number = Number(found[2]);
    const after = found[1] === "=" ? number : found[1] === "+" ? before + number : before - number;
    result.textContent = before + " → " + after;
  }
  input.addEventListener("input", show);
  show();
})();
