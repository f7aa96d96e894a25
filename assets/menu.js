// Keeps the open menu current: when others change its item or feature, the sheet is refreshed, and so is the list of people at any
// change. If the user has typed or chosen something there, the menu stays as it is and the sheet says that it is outdated.
(() => {
  "use strict";

  const { onRequest, onBeforeSwap, taskId, succeeded, morphIntoParsed } = savt.htmx;
  const { sheet } = savt;

  const connection = document.getElementById("connection");
  if (!connection) return;

  /** Changes within this time cause one refresh. */
  const REFRESH_DELAY_MS = 300;
  const PEOPLE_DELAY_MS = 1_000;
  /** The statistics come with every change, so the list of people follows them as other menus follow their row. */
  const PEOPLE = "stats";

  /**
   * The menu in the sheet: `{ url, rowId, initialContent, changed, outdated }`. `changed`: its item or feature has changed.
   * `outdated`: something changed while the menu was loading.
   */
  let menu;
  /** The menus being loaded, by their links. */
  const loading = new Map();
  let timer;

  const sheetContent = () => [...sheet.querySelectorAll("form")].map(savt.formContent).join();

  onRequest("before:request", ({ sourceElement: link }) => {
    const isPeople = link.matches("#presence, .fine-count");
    if (isPeople || link.matches(".more, .all-vetoers, .settings")) {
      loading.set(link, { url: link.href, rowId: isPeople ? PEOPLE : link.closest("li")?.id ?? "board" });
    }
  });
  onRequest("after:swap", (ctx) => {
    const loaded = succeeded(ctx) && loading.get(ctx.sourceElement);
    if (!loaded) return;
    menu = Object.assign(loaded, { initialContent: sheetContent() });
    if (menu.outdated) refresh();
  });
  onRequest("finally:request", ({ sourceElement: link }) => loading.delete(link));
  sheet.addEventListener("close", () => { menu = undefined; });

  // Detecting changes

  // Runs after the listener in live.js, which has dropped outdated fragments.
  onBeforeSwap((ctx, tasks, streamed) => {
    if (streamed) tasks.forEach((task) => markAffectedMenus(taskId(task)));
  });
  connection.addEventListener("htmx:sse:before:message", ({ detail: { message } }) => {
    if (message.event === "reload") allMenus().forEach((candidate) => markOutdated(candidate, true));
  });

  const allMenus = () => [...loading.values(), ...(menu ? [menu] : [])];

  /**
   * A change affects the menu of its own row; a change of an item affects every menu, since each lists all items, and so does the
   * closing of the board.
   */
  function markAffectedMenus(id) {
    for (const candidate of allMenus()) {
      const { rowId } = candidate;
      const isOwnRow = [rowId, `${rowId}-head`, `${rowId}-name`].includes(id === "presence" ? PEOPLE : id);
      if (isOwnRow || id.startsWith("item-") || id === "outcome") markOutdated(candidate, isOwnRow);
    }
  }

  function markOutdated(candidate, isOwnRow) {
    candidate.changed ||= isOwnRow;
    if (candidate === menu) scheduleRefresh();
    else candidate.outdated = true;
  }

  // Refreshing

  const scheduleRefresh = () => { timer ??= setTimeout(refresh, menu?.rowId === PEOPLE ? PEOPLE_DELAY_MS : REFRESH_DELAY_MS); };

  async function refresh() {
    timer = undefined;
    const requested = menu;
    if (!requested) return;
    // A form in the sheet is in flight; its success closes the sheet.
    if (sheet.querySelector("[aria-busy]")) return scheduleRefresh();
    try {
      const response = await fetch(requested.url, { headers: { "HX-Request": "true" }, cache: "no-cache" });
      const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
      if (menu !== requested || sheet.querySelector("[aria-busy]")) return;
      const error = parsed.querySelector(".toast p");
      const freshMenu = parsed.querySelector(".menu");
      if (error && !response.ok) closeIfDeleted(error.textContent, response.status);
      else if (freshMenu) replaceMenu(freshMenu);
    } catch {
      // The network is down. Once it is back, the stream reports the change again.
    }
  }

  function replaceMenu(freshMenu) {
    if (sheetContent() !== menu.initialContent) {
      if (menu.changed) showOutdatedNotice();
      return;
    }
    morphIntoParsed(sheet.querySelector(".menu"), freshMenu);
    htmx.process(sheet);
    sheet.querySelectorAll(".menu form").forEach((form) => form.reset());
    menu.initialContent = sheetContent();
    menu.changed = false;
  }

  function showOutdatedNotice() {
    if (sheet.querySelector(".outdated")) return;
    const notice = document.createElement("div");
    notice.className = "outdated";
    notice.setAttribute("role", "status");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: sheet.dataset.refresh });
    notice.append(Object.assign(document.createElement("p"), { textContent: sheet.dataset.changed }), button);
    button.addEventListener("click", () => {
      notice.remove();
      menu.initialContent = sheetContent();
      refresh();
      sheet.querySelector(".menu :is(input, button)")?.focus();
    });
    sheet.append(notice);
  }

  /** Reports that the item or feature is deleted, and closes the sheet unless that would discard typed text. */
  function closeIfDeleted(error, status) {
    if (status !== 404 && status !== 410) return;
    const hasTypedText = sheetContent() !== menu.initialContent;
    menu = undefined;
    if (!hasTypedText) {
      sheet.close();
      sheet.replaceChildren();
    }
    savt.showError(error);
  }
})();
