/* What every page does: menu, theme, notes, keys. Everything works without it, and is better with it. */
(function () {
  "use strict";
  const root = document.documentElement;
  const menu = document.getElementById("area-menu");

  function keep(name, value) {
    try { localStorage.setItem(name, value); } catch (error) { /* A private window keeps nothing. */ }
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
      keep("theme", next);
    },
    density() {
      const next = root.getAttribute("data-density") === "compact" ? "comfortable" : "compact";
      root.setAttribute("data-density", next);
      keep("density", next);
    },
    "menu-open"() { menu.setAttribute("data-open", ""); menu.querySelector("a").focus(); },
    "menu-close": closeMenu,
    "toast-close"(button) { button.closest(".toast-note").remove(); },
    password(button) {
      const input = document.getElementById(button.getAttribute("aria-controls"));
      const shows = input.type === "password";
      input.type = shows ? "text" : "password";
      button.setAttribute("aria-pressed", String(shows));
      button.textContent = shows ? "Hide" : "Show";
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
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      const search = document.querySelector("[data-search-everything]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
    if (event.key === "Escape") {
      closeMenu();
      document.querySelectorAll("details.filter-chip[open], details.person-details[open]").forEach(function (chip) {
        chip.removeAttribute("open");
        chip.querySelector("summary").focus();
      });
    }
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    if (!isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const target = document.querySelector("[data-key='" + CSS.escape(event.key.toLowerCase()) + "']");
      if (target) {
        event.preventDefault();
        if (target.matches("input")) { target.focus(); } else { target.click(); }
      }
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

  window.backoffice = {
    token: document.querySelector("meta[name='csrf-token']").content,
    /* Say what was done; with a change set, offer to take it back. */
    say(text, changeSetId) {
      const place = document.querySelector("[data-toasts]");
      const note = document.createElement("div");
      note.className = "toast-note";
      note.setAttribute("role", "status");
      const words = document.createElement("span");
      words.textContent = text;
      note.append(words);
      if (changeSetId) { note.append(this.undoForm(place.dataset.undoUrl, changeSetId)); }
      const close = document.createElement("button");
      close.type = "button";
      close.className = "btn btn-plain btn-icon btn-small";
      close.dataset.action = "toast-close";
      close.setAttribute("aria-label", "Close");
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
      button.textContent = "Undo";
      form.append(button);
      return form;
    },
  };
})();
