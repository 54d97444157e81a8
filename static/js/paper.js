// A sheet of paper, typed in like a spreadsheet. Without this module it is a plain form, and works.
//
// Saving goes by fetch first, so that a lost connection leaves everything where it is typed; what the server does not
// take is posted once more as a form, and its page marks the cells.

import { csrfToken } from "./saving.js";

const AWAY = "Not saved: ESW cannot be reached. What you typed still stands here; save it again in a moment.";

/** @param {HTMLFormElement} form */
function gridsOf(form) {
  return [...form.querySelectorAll("table")].map((table) =>
    [...table.querySelectorAll("tbody tr")]
      .map((row) => [...row.querySelectorAll("input")])
      .filter((row) => row.length),
  );
}

/** @param {HTMLFormElement} form */
export function sheet(form) {
  const levels = form.dataset.levels ?? "";
  const rows = gridsOf(form).flat();
  const cells = rows.flat();
  const says = form.querySelector("[data-paper-says]");
  let isChanged = false;
  let isSaving = false;

  /** @param {HTMLInputElement | undefined} cell */
  function go(cell) {
    cell?.focus();
    cell?.select();
  }

  /** @param {HTMLInputElement} cell */
  function placeOf(cell) {
    const row = rows.findIndex((one) => one.includes(cell));
    return { row, column: rows[row]?.indexOf(cell) ?? 0 };
  }

  /** @param {HTMLInputElement} cell @param {number} by */
  const step = (cell, by) => cells[cells.indexOf(cell) + by];

  /** @param {HTMLInputElement} cell @param {number} by */
  function below(cell, by) {
    const { row, column } = placeOf(cell);
    return rows[row + by]?.[column];
  }

  /** @param {HTMLInputElement} cell */
  function mark(cell) {
    const text = cell.value.trim();
    const isWrong = text !== "" && !(text.length === 1 && levels.includes(text));
    cell.classList.toggle("is-invalid", isWrong);
    if (isWrong) cell.setAttribute("aria-invalid", "true");
    else cell.removeAttribute("aria-invalid");
    return isWrong;
  }

  /** @param {string} words */
  function say(words) {
    if (says) says.textContent = words;
  }

  /** @param {HTMLInputElement} cell @param {string} text a table, as spreadsheets copy it */
  function paste(cell, text) {
    const { row, column } = placeOf(cell);
    const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n");
    lines.forEach((line, down) =>
      line.split("\t").forEach((value, along) => {
        const into = rows[row + down]?.[column + along];
        if (!into) return;
        into.value = value.trim().slice(0, 12);
        mark(into);
      }),
    );
    isChanged = true;
  }

  for (const cell of cells) {
    cell.addEventListener("focus", () => cell.select());
    cell.addEventListener("input", () => {
      isChanged = true;
      if (mark(cell)) {
        say(`${cell.getAttribute("aria-label")}: write a whole number from ${levels[0]} to ${levels.at(-1)}, or leave the cell empty.`);
      } else {
        say("");
        if (cell.value.trim()) go(step(cell, 1));
      }
    });
    cell.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text") ?? "";
      if (!/[\t\n]/.test(text)) return;
      event.preventDefault();
      paste(cell, text);
    });
    cell.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const { column } = placeOf(cell);
      const to = {
        ArrowRight: () => step(cell, 1),
        ArrowLeft: () => step(cell, -1),
        ArrowDown: () => below(cell, 1),
        ArrowUp: () => below(cell, -1),
        Enter: () => below(cell, 1) ?? rows[0]?.[column + 1],
      }[event.key];
      if (!to) return;
      const next = to();
      if (!next && event.key === "Enter") return; // the last cell: Enter saves, as in every form
      event.preventDefault();
      go(next);
    });
  }

  /** @param {HTMLElement | null} button */
  async function save(button) {
    const data = new FormData(form);
    if (button instanceof HTMLButtonElement && button.name) data.set(button.name, button.value);
    isSaving = true;
    say("");
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
        body: data,
        redirect: "manual",
        signal: AbortSignal.timeout(15_000),
      });
      if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
      const said = answer.ok ? await answer.json() : null;
      isChanged = false;
      if (said?.next) window.location.assign(said.next);
      else postPlainly(button);
    } catch {
      say(AWAY);
    } finally {
      isSaving = false;
    }
  }

  /** @param {HTMLElement | null} button */
  function postPlainly(button) {
    if (button instanceof HTMLButtonElement && button.name) {
      const chosen = document.createElement("input");
      Object.assign(chosen, { type: "hidden", name: button.name, value: button.value });
      form.append(chosen);
    }
    form.submit();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isSaving) void save(event.submitter);
  });
  window.addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
  form.querySelector("[data-keys]")?.removeAttribute("hidden");
  go(cells.find((cell) => cell.classList.contains("is-invalid")) ?? cells.find((cell) => !cell.value) ?? cells[0]);
}

for (const form of document.querySelectorAll("form[data-paper]")) {
  if (form instanceof HTMLFormElement) sheet(form);
}
