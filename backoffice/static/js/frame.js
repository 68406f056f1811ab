/* What every page does: menu, theme, counts, notes. Everything works without it, and is better with it. */
(function () {
  "use strict";
  const root = document.documentElement;
  const menu = document.getElementById("area-menu");

  /* A text in the reader's language, with its values put in. */
  function text(words, values) {
    const told = (window.backofficeWords || {})[words] || words;
    return told.replace(/%\((\w+)\)[sd]/g, function (_all, name) { return values[name]; });
  }
  /* Keep a choice: with the person, and in this browser for the page that nobody is signed in on. */
  function prefer(choice) {
    if (choice.theme) { try { localStorage.setItem("theme", choice.theme); } catch (error) { /* A private window keeps nothing. */ } }
    if (!menu) { return; }
    fetch(menu.dataset.preferUrl, {
      method: "POST",
      body: new URLSearchParams(choice),
      headers: { "X-CSRFToken": window.backoffice.token, "Accept": "application/json" },
      keepalive: true,
    }).catch(function () { /* What was chosen holds for this page at least. */ });
  }
  function closeMenu() {
    if (!menu || !menu.hasAttribute("data-open")) { return; }
    menu.removeAttribute("data-open");
    document.querySelector("[data-action='menu-open']").focus();
  }
  const acts = {
    theme() {
      const next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
      root.setAttribute("data-bs-theme", next);
      /* From here on the page no longer follows the system. */
      root.setAttribute("data-theme", next);
      prefer({ theme: next });
    },
    density() {
      const next = root.getAttribute("data-density") === "compact" ? "comfortable" : "compact";
      root.setAttribute("data-density", next);
      prefer({ density: next });
    },
    "menu-fold"(button) {
      const isNarrow = root.toggleAttribute("data-menu-narrow");
      button.setAttribute("aria-pressed", String(isNarrow));
      prefer({ is_menu_narrow: isNarrow ? "y" : "" });
    },
    "menu-open"() { menu.setAttribute("data-open", ""); menu.querySelector("a").focus(); },
    "menu-close": closeMenu,
    "toast-close"(button) { button.closest(".toast-note").remove(); },
    password(button) {
      const input = document.getElementById(button.getAttribute("aria-controls"));
      const shows = input.type === "password";
      input.type = shows ? "text" : "password";
      button.setAttribute("aria-pressed", String(shows));
      button.textContent = shows ? text("Hide") : text("Show");
    },
  };
  document.addEventListener("click", function (event) {
    const target = event.target.closest("[data-action]");
    if (target && acts[target.dataset.action]) {
      event.preventDefault();
      acts[target.dataset.action](target);
    }
    document.querySelectorAll("details.filter-chip[open], details.person-details[open]").forEach(function (chip) {
      if (!chip.contains(event.target)) { chip.removeAttribute("open"); }
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      closeMenu();
      document.querySelectorAll("details.filter-chip[open], details.person-details[open]").forEach(function (chip) {
        chip.removeAttribute("open");
        chip.querySelector("summary").focus();
      });
    }
  });

  /* A link to a list names only what was asked for. */
  document.addEventListener("submit", function (event) {
    if (!event.target.hasAttribute("data-drops-empty")) { return; }
    event.target.querySelectorAll("input[name], select[name]").forEach(function (input) {
      if (input.value === "" && input.type !== "checkbox") { input.disabled = true; }
    });
    window.setTimeout(function () {
      event.target.querySelectorAll("[disabled]").forEach(function (input) { input.disabled = false; });
    }, 0);
  });

  /* The second half of a double click sends nothing; later a click may, for what was sent may be lost. */
  const sentAt = new WeakMap();
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented || event.target.getAttribute("method") !== "post") { return; }
    if (event.timeStamp - sentAt.get(event.target) < 1000) { event.preventDefault(); return; }
    sentAt.set(event.target, event.timeStamp);
  });
  /* 128 random bits tell a form from every other, so that the server does once what is sent twice. */
  function newOnce() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  }

  const focused = document.querySelector("[data-focus]");
  if (focused) { focused.focus(); }
  document.querySelectorAll(".password-show").forEach(function (button) { button.hidden = false; });

  /* A note stays 8 seconds, and while the mouse or the focus is on it. */
  function leaveLater(note) {
    window.setTimeout(function () {
      if (note.matches(":hover, :focus-within")) { leaveLater(note); } else { note.remove(); }
    }, 8000);
  }
  document.querySelectorAll(".toast-note").forEach(leaveLater);

  /* A part of the menu stays open or closed as the person left it. */
  document.querySelectorAll("[data-area]").forEach(function (part) {
    /* A click comes before the part opens or closes; its own event also comes while the page is read. */
    part.querySelector("summary").addEventListener("click", function () {
      prefer({ closed_area: part.dataset.area, is_closed: part.open ? "y" : "" });
    });
  });
  /* The counts come after the page, all in one answer; their places are kept free. */
  async function fillCounts() {
    const places = document.querySelectorAll("[data-count]");
    if (!menu || !places.length) { return; }
    try {
      const response = await fetch(menu.dataset.countsUrl, { headers: { Accept: "application/json" } });
      if (!response.ok) { return; }
      const counts = await response.json();
      places.forEach(function (place) { place.textContent = counts[place.dataset.count] || ""; });
    } catch (error) { /* A menu without counts is still a menu. */ }
  }
  window.addEventListener("load", fillCounts);

  /* Whoever leaves a list comes back to it as it was: filtered, sorted, on its page. */
  const listKey = "list " + location.pathname;
  try {
    if (document.querySelector("[data-filters]")) {
      sessionStorage.setItem(listKey, location.search);
    } else {
      document.querySelectorAll("main a[href]").forEach(function (link) {
        const kept = link.search === "" && link.origin === location.origin && sessionStorage.getItem("list " + link.pathname);
        if (kept) { link.search = kept; }
      });
      document.querySelectorAll("form[data-deletes]").forEach(function (form) {
        const kept = sessionStorage.getItem("list " + form.dataset.deletes);
        if (kept) { form.elements.back.value = form.dataset.deletes + kept; }
      });
    }
  } catch (error) { /* A private window keeps nothing. */ }

  window.backoffice = {
    text: text,
    prefer: prefer,
    acts: acts,
    act(name) { acts[name](); },
    token: document.querySelector("meta[name='csrf-token']").content,
    /* Say what was done; with a change set, offer to take it back. */
    say(message, changeSetId) {
      const place = document.querySelector("[data-toasts]");
      const note = document.createElement("div");
      note.className = "toast-note";
      note.setAttribute("role", "status");
      const words = document.createElement("span");
      words.textContent = message;
      note.append(words);
      if (changeSetId) { note.append(this.undoForm(place.dataset.undoUrl, changeSetId)); }
      const close = document.createElement("button");
      close.type = "button";
      close.className = "btn btn-plain btn-icon btn-small";
      close.dataset.action = "toast-close";
      close.setAttribute("aria-label", text("Close"));
      close.innerHTML = '<span class="bi bi-x-lg" aria-hidden="true"></span>';
      note.append(close);
      place.replaceChildren(note);
      leaveLater(note);
    },
    undoForm(url, changeSetId) {
      const form = document.createElement("form");
      form.setAttribute("method", "post");
      form.action = url;
      const values = { csrf_token: this.token, once: newOnce(), id: changeSetId, back: location.pathname + location.search };
      Object.entries(values).forEach(function (pair) {
        const input = document.createElement("input");
        input.type = "hidden";
        input.name = pair[0];
        input.value = pair[1];
        form.append(input);
      });
      const button = document.createElement("button");
      button.className = "btn btn-plain btn-small";
      button.textContent = text("Undo");
      form.append(button);
      return form;
    },
  };
})();
