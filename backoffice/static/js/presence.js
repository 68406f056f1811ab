/* Who else has this record open: asked for, and told of ourselves, while the page is looked at. */
(function () {
  "use strict";
  const place = document.querySelector("[data-open-url]");
  if (!place) { return; }
  const EVERY = 20000;
  let askedAt = -EVERY;
  let hasLeft = false;
  let timer;

  function facts() {
    const form = new FormData();
    form.set("csrf_token", window.backoffice.token);
    form.set("id", place.dataset.id);
    form.set("page", place.dataset.page);
    return form;
  }
  async function ask() {
    askedAt = performance.now();
    try {
      const response = await fetch(place.dataset.openUrl, {
        method: "POST", body: facts(), headers: { "Accept": "application/json" },
      });
      if (response.ok) { show((await response.json()).others); }
    } catch (error) { /* It is nice to know and no more: the next answer may come. */ }
  }
  function askLater() {
    window.clearTimeout(timer);
    if (hasLeft || document.visibilityState !== "visible") { return; }
    timer = window.setTimeout(function () { ask().then(askLater); }, Math.max(0, askedAt + EVERY - performance.now()));
  }
  /* Written only where it differs, so that it is not read aloud again and again. */
  function show(others) {
    const list = others.map(function (one) { return window.backoffice.text("%(name)s since %(time)s", { name: one.name, time: one.since }); }).join(", ");
    const said = list ? window.backoffice.text("Also open:") + " " + list : "";
    if (place.textContent === said) { return; }
    place.replaceChildren();
    if (!said) { return; }
    const icon = document.createElement("span");
    icon.className = "bi bi-people-fill";
    icon.setAttribute("aria-hidden", "true");
    const words = document.createElement("span");
    words.textContent = said;
    place.append(icon, words);
  }

  document.addEventListener("visibilitychange", askLater);
  window.addEventListener("pagehide", function () {
    hasLeft = true;
    window.clearTimeout(timer);
    const form = facts();
    form.set("leaving", "y");
    navigator.sendBeacon(place.dataset.openUrl, form);
  });
  /* The browser's Back may show the page as it was left. */
  window.addEventListener("pageshow", function () {
    hasLeft = false;
    askLater();
  });
  askLater();
})();
