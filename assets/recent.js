// Recently viewed boards: remembers them in this browser only and lists them on the page of boards, except those on which the
// user is a participant, which the server lists.
(() => {
  "use strict";

  const BOARDS_MAX = 20;
  const STORAGE_KEY = "boards";

  function recentBoards() {
    try {
      const boards = JSON.parse(savt.readStorage("localStorage", STORAGE_KEY)) ?? [];
      return boards.filter(({ path, title }) => /^\/(b\/[a-z0-9-]{1,64})?$/.test(path) && typeof title === "string");
    } catch {
      // Something else has written there.
      return [];
    }
  }

  function save(boards) {
    savt.writeStorage("localStorage", STORAGE_KEY, JSON.stringify(boards.slice(0, BOARDS_MAX)));
  }

  const recentExcept = (path) => recentBoards().filter((board) => board.path !== path);

  const createForm = document.getElementById("create-item");
  if (createForm) {
    // The form's address rather than the page's: a rejected form is answered at its own address.
    const path = new URL(createForm.action).pathname.replace(/\/create\/item\/$/, "") || "/";
    save([{ path, title: document.title }, ...recentExcept(path)]);
  }

  const section = document.getElementById("recent-boards");
  if (!section) return;
  const list = section.querySelector("ul");
  const template = section.querySelector("template").content.firstElementChild;
  const listedPaths = [...document.querySelectorAll("#boards a")].map(({ pathname }) => pathname);

  for (const board of recentBoards().filter(({ path }) => !listedPaths.includes(path))) addRow(board);
  section.hidden = !list.firstElementChild;

  function addRow({ path, title }) {
    const row = document.importNode(template, true);
    const link = row.querySelector("a");
    link.href = path;
    link.firstElementChild.textContent = title;
    const remove = row.querySelector("button");
    remove.setAttribute("aria-label", savt.format(remove.dataset.name, { board: title }));
    remove.addEventListener("click", () => {
      save(recentExcept(path));
      const next = (row.nextElementSibling ?? row.previousElementSibling)?.querySelector("button");
      row.remove();
      section.hidden = !list.firstElementChild;
      (next ?? document.querySelector(".new-board input")).focus();
    });
    list.append(row);
  }
})();
