// The open menu follows its thing: what others do to it shows in the sheet as well. Where something is typed or chosen there it
// stays, and the sheet says that it is no longer the latest.
(() => {
  "use strict";

  const connection = document.getElementById("connection");
  if (!connection) return;

  /** What comes within this time is asked for once. */
  const SOON_MS = 300;

  /** The menu in the sheet: its address, the row it belongs to, and how its forms were. */
  let menu;
  /** Those on their way, by their links: what others do meanwhile may be missing there. */
  const coming = new Map();
  let waiting;

  const contents = () => [...sheet.querySelectorAll("form")].map(contentOf).join();

  on("before:request", ({ sourceElement: link }) => {
    if (link.matches(".more, .all")) coming.set(link, { address: link.href, row: link.closest("li").id });
  });
  on("after:swap", (ctx) => {
    const came = succeeded(ctx) && coming.get(ctx.sourceElement);
    if (!came) return;
    menu = Object.assign(came, { was: contents() });
    if (menu.late) look();
  });
  on("finally:request", ({ sourceElement: link }) => coming.delete(link));
  sheet.addEventListener("close", () => { menu = undefined; });

  // What may have changed

  // What is no news was taken out before.
  document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
    if (ctx.sourceElement === connection) tasks.forEach(notice);
  });
  connection.addEventListener("htmx:sse:before:message", ({ detail: { message } }) => {
    if (message.event === "reload") menus().forEach((one) => isLate(one, true));
  });

  const menus = () => [...coming.values(), ...(menu ? [menu] : [])];

  /** A menu's thing, or one of those that it can go to. */
  function notice({ fragment, target }) {
    const id = (fragment.firstElementChild ?? target)?.id ?? "";
    for (const one of menus()) {
      const itself = [one.row, `${one.row}-head`].includes(id);
      if (itself || id.startsWith("item-")) isLate(one, itself);
    }
  }

  function isLate(one, itself) {
    one.changed ||= itself;
    if (one === menu) soon();
    else one.late = true;
  }

  const soon = () => { waiting ??= setTimeout(look, SOON_MS); };

  async function look() {
    waiting = undefined;
    const asked = menu;
    if (!asked) return;
    // One's own change closes the sheet.
    if (sheet.querySelector("[aria-busy]")) return soon();
    try {
      const answer = await fetch(asked.address, { headers: { "HX-Request": "true" }, cache: "no-cache" });
      const told = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (menu !== asked || sheet.querySelector("[aria-busy]")) return;
      const reason = told.querySelector(".toast p");
      const fresh = told.querySelector(".menu");
      if (reason && !answer.ok) isGone(reason.textContent, answer.status);
      else if (fresh) show(fresh);
    } catch {
      // Who comes back to the network hears of it by the stream.
    }
  }

  // What the sheet says

  let inside;
  htmx.registerExtension("savt-menu", { init: (given) => { inside = given; } });

  function show(fresh) {
    if (contents() !== menu.was) {
      if (menu.changed) sayThatItChanged();
      return;
    }
    const shown = sheet.querySelector(".menu");
    const fragment = document.createDocumentFragment();
    fragment.append(document.adoptNode(fresh));
    inside.morph(shown, fragment, false);
    htmx.process(sheet);
    sheet.querySelectorAll(".menu form").forEach((form) => form.reset());
    menu.was = contents();
    menu.changed = false;
  }

  function sayThatItChanged() {
    if (sheet.querySelector(".stale")) return;
    const { changed, again } = sheet.dataset;
    const stale = document.createElement("div");
    stale.className = "stale";
    stale.setAttribute("role", "status");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: again });
    stale.append(Object.assign(document.createElement("p"), { textContent: changed }), button);
    button.addEventListener("click", () => {
      stale.remove();
      menu.was = contents();
      look();
      sheet.querySelector(".menu :is(input, button)")?.focus();
    });
    sheet.append(stale);
  }

  /** Closes the sheet, unless something is typed there that one may want to keep. */
  function isGone(reason, status) {
    if (status !== 404 && status !== 410) return;
    const typed = contents() !== menu.was;
    menu = undefined;
    if (!typed) {
      sheet.close();
      sheet.replaceChildren();
    }
    say(reason);
  }
})();
