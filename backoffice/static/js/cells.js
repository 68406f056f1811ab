/* Editing a cell of a list in place: Enter saves, Esc leaves it, Tab saves and goes on to the next one, the arrow keys
   with Alt to the row above or below. The value that the cell was made from goes along. */
(function () {
  "use strict";
  const list = document.querySelector("[data-list]");
  if (!list || !list.dataset.updateUrl) { return; }
  const text = window.backoffice.text;

  const choicesOf = {};
  list.querySelectorAll("[data-choices-of]").forEach(function (head) {
    choicesOf[head.dataset.choicesOf] = JSON.parse(head.dataset.choices);
  });

  function nameOf(row) {
    const name = row.querySelector(".product-name") || row.querySelector(".col-name");
    return name ? name.textContent.trim() : "";
  }

  /* Only a script can edit a cell, so it is the script that puts the buttons there. */
  list.querySelectorAll("tbody tr").forEach(function (row) {
    const name = nameOf(row);
    row.querySelectorAll("[data-cell]").forEach(function (cell) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "cell-open";
      button.dataset.action = "cell";
      button.setAttribute("aria-label", text("Edit: %(field)s of %(name)s", { field: cell.dataset.label, name: name }));
      button.innerHTML = '<span class="bi bi-pencil" aria-hidden="true"></span>';
      cell.append(button);
    });
  });

  list.addEventListener("click", function (event) {
    const button = event.target.closest("[data-action='cell']");
    if (button) { open(button.closest("[data-cell]")); }
  });
  list.addEventListener("dblclick", function (event) {
    const cell = event.target.closest("[data-cell]");
    if (cell && !cell.querySelector(".cell-edit")) { open(cell); }
  });

  function inputFor(cell) {
    let input;
    if (cell.dataset.kind === "choice") {
      input = document.createElement("select");
      input.className = "form-select";
      choicesOf[cell.dataset.cell].forEach(function (choice) { input.add(new Option(choice[1], choice[0])); });
      input.value = cell.dataset.value;
    } else {
      input = document.createElement("input");
      input.className = "form-control";
      input.value = cell.dataset.value;
      if (cell.dataset.kind === "money") { input.inputMode = "decimal"; }
      if (cell.dataset.kind === "number") { input.inputMode = "numeric"; }
    }
    const words = { field: cell.dataset.label, name: nameOf(cell.closest("tr")) };
    input.setAttribute("aria-label", text("%(field)s of %(name)s", words));
    return input;
  }

  function open(cell) {
    if (cell.querySelector(".cell-edit")) { return; }
    const editor = document.createElement("div");
    editor.className = "cell-edit";
    const input = inputFor(cell);
    const note = document.createElement("div");
    note.className = "cell-edit-note";
    note.id = "cell-note-" + cell.dataset.cell + "-" + cell.closest("tr").dataset.key;
    note.setAttribute("role", "status");
    const was = cell.querySelector(".cell-shown .price-now") || cell.querySelector(".cell-shown");
    note.textContent = cell.dataset.kind === "money" && cell.dataset.value
      ? text("Was %(value)s. An amount, or +10%. Enter saves, Esc leaves it.", { value: was.textContent.trim() })
      : text("Enter saves, Esc leaves it.");
    input.setAttribute("aria-describedby", note.id);
    editor.append(input, note);
    cell.append(editor);
    cell.setAttribute("data-editing", "");
    input.focus();
    if (input.select) { input.select(); }
    input.addEventListener("keydown", function (event) {
      if (event.key === "Enter") { event.preventDefault(); save(cell, input, note); }
      if (event.key === "Escape") { event.stopPropagation(); close(cell, true); }
      const next = event.key === "Tab" ? besides(cell, event.shiftKey ? -1 : 1)
        : event.altKey && event.key === "ArrowDown" ? below(cell, 1)
          : event.altKey && event.key === "ArrowUp" ? below(cell, -1) : null;
      if (next) { event.preventDefault(); goOn(cell, input, note, next); }
    });
    input.addEventListener("blur", function () {
      /* What was typed is kept: leaving the cell saves it, as a spreadsheet does. */
      if (cell.contains(editor) && !editor.dataset.busy && !editor.dataset.refused) {
        if (input.value === cell.dataset.value) { close(cell, false); } else { save(cell, input, note); }
      }
    });
  }

  /* What is typed but not kept yet is not left behind without a question. */
  window.addEventListener("beforeunload", function (event) {
    const isOpen = Array.from(list.querySelectorAll(".cell-edit")).some(function (editor) {
      const typed = editor.querySelector("input, select").value;
      return editor.dataset.refused || (!editor.dataset.busy && typed !== editor.closest("[data-cell]").dataset.value);
    });
    if (isOpen) { event.preventDefault(); }
  });

  function besides(cell, step) {
    const cells = Array.from(list.querySelectorAll("[data-cell]"));
    return cells[cells.indexOf(cell) + step] || null;
  }

  function below(cell, step) {
    const cells = Array.from(list.querySelectorAll("[data-cell='" + CSS.escape(cell.dataset.cell) + "']"));
    return cells[cells.indexOf(cell) + step] || null;
  }

  /* The next cell opens at once; the one that is left saves by itself, and opens again if that is refused. */
  function goOn(cell, input, note, next) {
    if (input.value === cell.dataset.value) { close(cell, false); } else { save(cell, input, note); }
    open(next);
  }

  function close(cell, takesFocus) {
    const editor = cell.querySelector(".cell-edit");
    if (editor) {
      /* Removing the focused input tells of a blur, which must not close or save again. */
      editor.dataset.busy = "closing";
      editor.remove();
    }
    cell.removeAttribute("data-editing");
    if (takesFocus) { cell.querySelector("[data-action='cell']").focus(); }
  }

  /* An answer may come after the person went on to another cell, whose half a word must stay as it is. */
  function hasFocus(cell) {
    const focused = document.activeElement;
    return !focused || focused === document.body || cell.querySelector(".cell-edit").contains(focused);
  }

  async function save(cell, input, note) {
    const editor = input.closest(".cell-edit");
    if (!editor || editor.dataset.busy) { return; }
    if (input.value === cell.dataset.value) { close(cell, true); return; }
    editor.dataset.busy = "yes";
    delete editor.dataset.refused;
    note.textContent = text("Saving…");
    const name = cell.dataset.cell;
    const body = new URLSearchParams({ list_form_pk: cell.closest("tr").dataset.key, version: cell.dataset.version });
    body.set(name, input.value);
    body.set("was-" + name, cell.dataset.value);
    let answer;
    let status = 0;
    try {
      const response = await fetch(list.dataset.updateUrl, {
        method: "POST", body: body, keepalive: true, headers: { "X-CSRFToken": window.backoffice.token, "Accept": "application/json" },
      });
      status = response.status;
      answer = await response.json();
    } catch (error) {
      answer = { message: text("The server did not answer. What you typed is still here; press Enter to try again.") };
    }
    delete editor.dataset.busy;
    if (status === 200) { show(cell, answer); return; }
    editor.dataset.refused = "yes";
    note.textContent = answer.message || text("That did not work.");
    note.setAttribute("data-tone", "bad");
    input.setAttribute("aria-invalid", "true");
    if (status === 409 && "was_now" in answer) {
      /* The other's value is the new starting point: a second Enter writes over it knowingly. */
      cell.dataset.value = answer.was_now;
      note.textContent += " " + text("Enter saves yours, Esc keeps theirs.");
    }
    if (hasFocus(cell)) { input.focus(); }
  }

  function show(cell, answer) {
    cell.querySelector(".cell-shown").innerHTML = answer.shown;
    cell.dataset.value = answer.value;
    cell.closest("tr").querySelectorAll("[data-cell]").forEach(function (other) {
      if (other.dataset.version === cell.dataset.version) { other.dataset.version = answer.version; }
    });
    const version = cell.closest("tr").querySelector("input[name^='version-']");
    if (version && answer.row_version) { version.value = answer.row_version; }
    close(cell, hasFocus(cell));
    window.backoffice.say(answer.message, answer.change_set_id);
  }
})();
