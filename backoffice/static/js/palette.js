/* The command palette: Ctrl K opens it, letters find, arrows choose, Enter opens; Esc leads back to where one was. */
(function () {
  "use strict";
  const dialog = document.getElementById("command-palette");
  if (!dialog) { return; }
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role='listbox']");
  const none = dialog.querySelector(".palette-none");
  const nothingFound = none.textContent;
  const noAnswer = window.backoffice.text("The server did not answer. Press Enter to try again.");
  let options = [];
  let active = -1;
  let waiting = 0;
  let newest = 0;
  let shownFor = null;

  function open() {
    if (dialog.open) { return; }
    dialog.showModal();
    input.value = "";
    look();
  }

  function mark(place) {
    active = place;
    options.forEach(function (one, at) { one.element.setAttribute("aria-selected", String(at === place)); });
    if (options[place]) {
      input.setAttribute("aria-activedescendant", options[place].element.id);
      options[place].element.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  /* What is found; where nothing came back, why, which is no word about what was typed. */
  async function ask(asked) {
    try {
      const url = dialog.dataset.paletteUrl + "?" + new URLSearchParams({ q: asked });
      const response = await fetch(url, { headers: { Accept: "application/json" } });
      const answer = await response.json();
      return response.ok ? { groups: answer.groups } : { groups: [], fault: answer.message || noAnswer };
    } catch (error) {
      return { groups: [], fault: noAnswer };
    }
  }

  async function look() {
    const asked = input.value.trim();
    const number = newest += 1;
    const found = await ask(asked);
    if (number !== newest || !dialog.open) { return; }
    draw(found, asked);
    shownFor = found.fault ? null : asked;
  }

  function draw(found, asked) {
    options = [];
    list.replaceChildren(...found.groups.map(function (group, at) { return drawGroup(group, at, asked); }));
    none.textContent = found.fault || nothingFound;
    none.hidden = options.length > 0;
    input.setAttribute("aria-expanded", String(options.length > 0));
    mark(options.length ? 0 : -1);
  }

  function drawGroup(group, at, asked) {
    const box = document.createElement("div");
    box.setAttribute("role", "group");
    box.setAttribute("aria-labelledby", "palette-group-" + at);
    const title = document.createElement("div");
    title.className = "palette-group-title";
    title.id = "palette-group-" + at;
    title.textContent = group.title;
    box.append(title);
    group.options.forEach(function (option) { box.append(drawOption(option, asked)); });
    return box;
  }

  function drawOption(option, asked) {
    const line = document.createElement("div");
    line.className = "palette-option";
    line.id = "palette-" + options.length;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    if (option.picture) {
      const picture = document.createElement("img");
      picture.src = option.picture;
      picture.alt = "";
      picture.width = 28;
      picture.height = 28;
      line.append(picture);
    } else {
      const sign = document.createElement("span");
      sign.className = "bi bi-" + option.icon;
      sign.setAttribute("aria-hidden", "true");
      line.append(sign);
    }
    const words = document.createElement("span");
    words.className = "palette-text";
    words.append(...marked(option.text, asked));
    line.append(words);
    if (option.fact) {
      const fact = document.createElement("span");
      fact.className = "palette-fact";
      fact.textContent = option.fact;
      line.append(fact);
    }
    const place = options.length;
    line.addEventListener("pointermove", function () { if (active !== place) { mark(place); } });
    line.addEventListener("click", function (event) { choose(place, event.ctrlKey || event.metaKey); });
    options.push({ element: line, option: option });
    return line;
  }

  /* The text with what was typed marked in it. */
  function marked(text, asked) {
    const words = asked.split(/\s+/).filter(Boolean).map(function (word) { return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"); });
    if (!words.length) { return [text]; }
    return text.split(new RegExp("(" + words.join("|") + ")", "iu")).map(function (part, at) {
      if (at % 2 === 0) { return part; }
      const mark = document.createElement("mark");
      mark.textContent = part;
      return mark;
    });
  }

  function choose(place, inNewTab) {
    const chosen = options[place] && options[place].option;
    if (!chosen) { return; }
    if (chosen.url && inNewTab) { window.open(chosen.url, "_blank", "noopener"); return; }
    dialog.close();
    if (chosen.url) { location.assign(chosen.url); return; }
    if (chosen.act === "sign-out") { document.querySelector("[data-sign-out]").requestSubmit(); return; }
    window.backoffice.act(chosen.act);
  }

  input.addEventListener("input", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(look, 25);
  });
  input.addEventListener("keydown", async function (event) {
    if (event.key === "ArrowDown") { event.preventDefault(); mark(Math.min(active + 1, options.length - 1)); }
    if (event.key === "ArrowUp") { event.preventDefault(); mark(Math.max(active - 1, 0)); }
    if (event.key === "Enter") {
      event.preventDefault();
      const inNewTab = event.ctrlKey || event.metaKey;
      /* Whoever types quickly and presses Enter means what they typed, not what is still shown. */
      if (shownFor !== input.value.trim()) { window.clearTimeout(waiting); await look(); }
      choose(active, inNewTab);
    }
  });
  dialog.addEventListener("click", function (event) { if (event.target === dialog) { dialog.close(); } });
  dialog.addEventListener("close", function () { newest += 1; shownFor = null; list.replaceChildren(); options = []; });

  window.backoffice.acts.palette = open;
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
})();
