// Keys: one letter for each thing one does all the time, for those who have a keyboard. They can be switched off, since some
// people speak or dictate to their browser, and others press keys by accident (WCAG 2.1.4).
(() => {
  "use strict";

  const list = document.getElementById("keys-list");
  if (!list) return;

  const PLACE = "savt-keys";

  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    v: () => press(row()?.querySelector("button.veto")),
    m: () => press(row()?.querySelector(".more")),
    s: () => goTo((row()?.closest(".item, .free") ?? document.querySelector(".free")).querySelector(".suggest [name=name]")),
    n: () => goTo(document.querySelector("#create-item [name=name]")),
    u: () => press([...toasts.querySelectorAll("form button")].at(-1)),
    f: () => goTo(document.querySelector("#filter :checked")),
    h: () => press(document.querySelector(".top a[href$='/history']")),
    "?": () => showKeys(document.activeElement),
  };
  /** What may be done again and again while its key is held down. */
  const REPEATED = "jk";

  // Rows

  const ROWS = ".item > .head, .feature";
  const row = () => document.activeElement.closest(ROWS);
  const rows = () => [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());

  /** Goes to a row: to what one does there most, for the focus stays on a button when the row changes. */
  function step(by) {
    const all = rows();
    const here = all.indexOf(row());
    const first = all.find((row) => row.getBoundingClientRect().bottom > 0);
    goTo((here < 0 ? first : all[here + by])?.querySelector("button.veto, .more"));
  }

  function goTo(element) {
    element?.focus();
    element?.scrollIntoView({ block: "nearest" });
  }

  const press = (element) => element?.click();

  // When a key is a key

  const isTyping = (element) =>
    element.isContentEditable || element.matches("select, textarea, input:not([type=radio], [type=checkbox])");

  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!Object.hasOwn(KEYS, key) || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!isOn() || isTyping(event.target) || (event.repeat && !REPEATED.includes(key))) return;
    const closes = key === "?" && sheet.querySelector(".keys");
    if (document.querySelector("dialog[open]") && !closes) return;
    // The letter must not arrive in the field that it leads to.
    event.preventDefault();
    if (closes) sheet.close();
    else KEYS[key]();
  });

  // Their list, and whether they are on

  function showKeys(from) {
    sheet.replaceChildren(list.content.cloneNode(true));
    sheet.querySelector("[type=checkbox]").checked = isOn();
    openSheet(from);
  }

  const button = document.getElementById("keys");
  button.addEventListener("click", () => showKeys(button));
  sheet.addEventListener("change", ({ target }) => { if (target.closest(".keys")) remember(target.checked ? "on" : "off"); });

  const isOn = () => document.documentElement.dataset.keys !== "off";

  /** A browser may forbid to keep anything; then it lasts as long as the page. */
  function remember(state) {
    set(state);
    try { localStorage.setItem(PLACE, state); } catch { /* forbidden */ }
  }

  function remembered() {
    try { return localStorage.getItem(PLACE); } catch { return null; }
  }

  /** Who switched them off finds the way back, with whatever they point. */
  function set(state) {
    document.documentElement.dataset.keys = state;
    if (state === "off") button.dataset.stays = "";
  }

  set(remembered() ?? "on");
})();
