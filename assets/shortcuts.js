// Keyboard shortcuts: single letters for frequent actions. They can be turned off, as WCAG 2.1.4 requires for people who use
// speech input or press keys by accident.
(() => {
  "use strict";

  const { sheet } = savt;

  const help = document.getElementById("keys-list");
  if (!help) return;

  const STORAGE_KEY = "savt-keys";

  const SHORTCUTS = {
    j: () => moveFocus(1),
    k: () => moveFocus(-1),
    v: () => click(focusedRow()?.querySelector("button.veto")),
    m: () => click(focusedRow()?.querySelector(".more")),
    s: () => focus(suggestForm().elements.name),
    n: () => focus(document.querySelector("#create-item [name=name]")),
    u: ({ shiftKey }) => undoOrRedo(shiftKey),
    f: () => focus(document.querySelector("#filter :checked")),
    h: () => click(document.querySelector(".top a[href$='/history']")),
    "?": () => showHelp(document.activeElement),
  };
  /** The shortcuts that repeat while their key is held down. */
  const REPEATING = "jk";

  // Rows

  const ROWS = ".item > .head, .feature";
  const focusedRow = () => document.activeElement.closest(ROWS);
  const visibleRows = () => [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());

  /** The suggestion form of the focused row's card, or else of the features that belong to no item. */
  const suggestForm = () => (focusedRow()?.closest(".item, .free") ?? document.querySelector(".free")).querySelector(".suggest");

  /** Focuses the main button of the next or previous row; morphing keeps the focus on a button when its row changes. */
  function moveFocus(offset) {
    const rows = visibleRows();
    const current = rows.indexOf(focusedRow());
    const firstOnScreen = rows.find((row) => row.getBoundingClientRect().bottom > 0);
    focus((current < 0 ? firstOnScreen : rows[current + offset])?.querySelector("button.veto, .more"));
  }

  function focus(element) {
    element?.focus();
    element?.scrollIntoView({ block: "nearest" });
  }

  const click = (element) => element?.click();

  /** Undoes the user's last change, or redoes the last undone one: the server knows which. */
  function undoOrRedo(redo) {
    const form = document.getElementById("own-changes");
    form.requestSubmit(form.querySelectorAll("button")[Number(redo)]);
  }

  // Key presses

  const isTextInput = (element) =>
    element.isContentEditable || element.matches("select, textarea, input:not([type=radio], [type=checkbox])");

  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!Object.hasOwn(SHORTCUTS, key) || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!isEnabled() || isTextInput(event.target) || (event.repeat && !REPEATING.includes(key))) return;
    const closesHelp = key === "?" && sheet.querySelector(".keys");
    if (document.querySelector("dialog[open]") && !closesHelp) return;
    // Otherwise the letter would be typed into the field that the shortcut focuses.
    event.preventDefault();
    if (closesHelp) sheet.close();
    else SHORTCUTS[key](event);
  });

  // The help sheet, with the setting

  function showHelp(trigger) {
    sheet.replaceChildren(help.content.cloneNode(true));
    sheet.querySelector("[type=checkbox]").checked = isEnabled();
    savt.openSheet(trigger);
  }

  const button = document.getElementById("keys");
  button.addEventListener("click", () => showHelp(button));
  sheet.addEventListener("change", ({ target }) => {
    if (!target.closest(".keys")) return;
    const setting = target.checked ? "on" : "off";
    apply(setting);
    savt.writeStorage("localStorage", STORAGE_KEY, setting);
  });

  const isEnabled = () => document.documentElement.dataset.keys !== "off";

  /** Once shortcuts are off, the button stays visible on every device, so that they can be turned on again. */
  function apply(setting) {
    document.documentElement.dataset.keys = setting;
    if (setting === "off") button.dataset.alwaysVisible = "";
  }

  apply(savt.readStorage("localStorage", STORAGE_KEY) ?? "on");
})();
