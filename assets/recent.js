// The boards this browser has shown, for the page of one's boards. Nobody else is told: they are kept in this browser, and go when one
// says so. Those on which one is somebody the server lists by itself.
(() => {
  "use strict";

  const AT_MOST = 20;
  const PLACE = "boards";

  // A browser may forbid to keep anything; then there is nothing to show.

  function kept() {
    try {
      const boards = JSON.parse(localStorage.getItem(PLACE)) ?? [];
      return boards.filter(({ path, title }) => /^\/(b\/[a-z0-9-]{1,64})?$/.test(path) && typeof title === "string");
    } catch {
      return [];
    }
  }

  function keep(boards) {
    try { localStorage.setItem(PLACE, JSON.stringify(boards.slice(0, AT_MOST))); } catch { /* forbidden */ }
  }

  const without = (path) => kept().filter((board) => board.path !== path);

  const create = document.getElementById("create-item");
  if (create) {
    // Not the page's own address: what was refused is answered at another one.
    const path = new URL(create.action).pathname.replace(/\/create\/item\/$/, "") || "/";
    keep([{ path, title: document.title }, ...without(path)]);
  }

  const section = document.getElementById("looked-at");
  if (!section) return;
  const list = section.querySelector("ul");
  const row = section.querySelector("template").content.firstElementChild;
  const listed = [...document.querySelectorAll("#boards a")].map(({ pathname }) => pathname);

  for (const board of kept().filter(({ path }) => !listed.includes(path))) show(board);
  section.hidden = !list.firstElementChild;

  function show({ path, title }) {
    const shown = document.importNode(row, true);
    const link = shown.querySelector("a");
    link.href = path;
    link.firstElementChild.textContent = title;
    const forget = shown.querySelector("button");
    forget.setAttribute("aria-label", worded(forget.dataset.name, { board: title }));
    forget.addEventListener("click", () => {
      keep(without(path));
      const next = (shown.nextElementSibling ?? shown.previousElementSibling)?.querySelector("button");
      shown.remove();
      section.hidden = !list.firstElementChild;
      (next ?? document.querySelector(".new-board input")).focus();
    });
    list.append(shown);
  }
})();
