// What every page does beyond htmx, which sends the forms and swaps in the fragments: repeated submits, errors, focus, the
// sheet. Every action also works without scripts. Shares helpers with the scripts after it; must not depend on them.
(() => {
  "use strict";

  const { onRequest, succeeded, isFragmentResponse } = savt.htmx;

  /** A second tap within this time counts as the same tap, so that it does not undo the first. */
  const DOUBLE_TAP_MS = 400;

  const sheet = document.getElementById("sheet");
  const toasts = document.getElementById("toasts");

  // Texts (the server provides them in the page's language)

  /** Replaces each `{name}` in a pattern with `args.name`. */
  const format = (pattern, args) => pattern.replace(/\{(\w+)\}/g, (_, key) => args[key]);
  /** The locale for times: the page's language with the browser's region, such as de-AT for a German page. */
  const locale = [...navigator.languages, document.documentElement.lang]
    .find((tag) => tag.split("-")[0] === document.documentElement.lang);

  // Storage (a browser may deny it; settings then last as long as the page)

  /** Reads from `area`, "localStorage" or "sessionStorage"; null if nothing is stored or storage is denied. */
  function readStorage(area, key) {
    try { return window[area].getItem(key); } catch { return null; }
  }

  function writeStorage(area, key, value) {
    try { window[area].setItem(key, value); } catch { /* denied */ }
  }

  // Repeated submits

  /** When each veto button was last tapped or its response arrived, by row id, which the swap of the button does not change. */
  const lastTaps = new Map();
  const rowKey = (form) => form.querySelector("button.veto") && (form.closest("[id]")?.id ?? form.action);

  /** The content each form sent last: a form may be submitted again before the response if its content is different. */
  const sentContent = new WeakMap();
  const formContent = (form) => new URLSearchParams(new FormData(form)).toString();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const row = rowKey(form);
    const isDoubleTap = row && performance.now() - (lastTaps.get(row) ?? -Infinity) < DOUBLE_TAP_MS;
    // To undo again is another request: it means the change before. The forms for new items and features are empty after each
    // submit, so what they contain now was typed since.
    const isInFlight = form.classList.contains("htmx-request") && !form.matches("#own-changes, .suggest, .create")
      && sentContent.get(form) === formContent(form);
    if (isDoubleTap || isInFlight) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (row) lastTaps.set(row, performance.now());
    sentContent.set(form, formContent(form));
  }, true);

  // Requests and responses

  onRequest("after:request", (ctx, event) => {
    if (isFragmentResponse(ctx)) return;
    event.preventDefault();
    showError(ctx.response.status < 500 ? toasts.dataset.foreignResponse : toasts.dataset.unreachable);
  });

  onRequest("error", () => showError(navigator.onLine ? toasts.dataset.noAnswer : toasts.dataset.offline));

  onRequest("before:request", ({ sourceElement }) => {
    sourceElement.setAttribute("aria-busy", "true");
    if (!sheet.open && sourceElement.matches(SHEET_TRIGGERS)) focusOrigin = focusOriginOf(sourceElement);
  });
  onRequest("finally:request", (ctx) => ctx.sourceElement.removeAttribute("aria-busy"));

  onRequest("after:swap", (ctx) => {
    if (!ctx.response) return;
    const source = ctx.sourceElement;
    if (source.matches("form")) {
      const row = rowKey(source);
      if (row) lastTaps.set(row, performance.now());
    }
    if (!succeeded(ctx)) {
      // A veto from a row that has to say why: the response brought the form for it.
      const asked = !sheet.open && sheet.querySelector(".reason-form");
      if (asked) {
        focusOrigin = focusOriginOf(source.querySelector("button"));
        openSheet(source);
      }
      if (sheet.contains(source) || asked) moveErrorIntoSheet(asked || source);
    } else if (source.matches(SHEET_TRIGGERS)) {
      openSheet(source);
    } else if (sheet.contains(source)) {
      sheet.close();
    } else if (source.matches(".history form")) {
      reloadHistoryAt(source);
    } else if (source.matches(".own-changes form")) {
      location.reload();
    } else if (source.closest("#me")) {
      document.querySelector("#me > summary").focus();
    }
    if (source.closest(".toast") && succeeded(ctx)) source.closest(".toast").remove();
  });

  /** The response holds fragments of the board, which the history page does not show: the page reloads at the undone event. */
  function reloadHistoryAt(form) {
    history.replaceState(null, "", `#${form.closest("li").id}`);
    location.reload();
  }

  // On phones the field for an item's kind is folded in.
  document.querySelector(".kind-toggle")?.addEventListener("toggle", ({ target }) => {
    if (target.open) target.closest("form").elements.kind.focus();
  });

  // The sheet

  /** The links and buttons whose response is shown in the sheet. */
  const SHEET_TRIGGERS = ".more, .all-vetoers, .add-reason, .settings, #presence, .fine-count, #share, .personal-link a, .close-link";

  /** Where the focus returns when the sheet closes. */
  let focusOrigin = {};

  /** Also the row, since a swap may replace the link, and the row's neighbor, since the row itself may be deleted. */
  function focusOriginOf(link) {
    const row = link.closest("li") ?? document.getElementById(link.dataset.row);
    const neighbor = row && (row.nextElementSibling ?? row.previousElementSibling ?? row.parentElement.closest("li, section"));
    return { link, rowId: row?.id, neighbor };
  }

  function openSheet(trigger) {
    if (!sheet.open) sheet.showModal();
    if (trigger.matches(".add-reason, form")) sheet.querySelector(".reason-form input")?.focus();
  }

  sheet.addEventListener("close", () => {
    const { link, rowId, neighbor } = focusOrigin;
    const newLink = document.getElementById(rowId)?.querySelector(":scope > .more, :scope > .head > .more");
    const target = link?.isConnected ? link : newLink;
    (target ?? neighbor?.querySelector(".more, input:not([type=hidden])"))?.focus({ preventScroll: !target });
    sheet.replaceChildren();
  });

  // A click on the backdrop closes the sheet. Its target is the dialog itself, as the menu fills the rest. A drag that starts in
  // a field and ends on the backdrop does not close it.
  let pressTarget;
  sheet.addEventListener("pointerdown", (event) => { pressTarget = event.target; });
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet && pressTarget === sheet) sheet.close();
  });

  /** Moves the error toast into the sheet, which covers the toasts; drops it if the form shows a field error. */
  function moveErrorIntoSheet(form) {
    const toast = toasts.lastElementChild;
    sheet.querySelector(".toast")?.remove();
    if (form.querySelector(".reason:not(:empty)")) toast.remove();
    else form.append(toast);
  }

  // The participant panel closes on an outside click and on Escape

  document.addEventListener("click", (event) => {
    const panel = document.getElementById("me");
    if (panel?.open && !panel.contains(event.target)) panel.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const panel = document.getElementById("me");
    if (event.key !== "Escape" || !panel?.open) return;
    panel.open = false;
    panel.firstElementChild.focus();
  });

  // Toasts

  function showError(text) {
    const toast = document.createElement("div");
    toast.className = "toast failed";
    toast.setAttribute("role", "alert");
    toast.append(Object.assign(document.createElement("p"), { textContent: text }));
    sheet.querySelector(".toast")?.remove();
    (sheet.querySelector(".menu") ?? toasts).append(toast);
  }

  // The back button may restore an outdated page from the browser's cache.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // The server renders times in UTC; here they become local times.
  function showLocalTimes() {
    for (const time of document.querySelectorAll("time")) {
      const text = new Date(time.dateTime).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
      if (time.textContent !== text) time.textContent = text;
    }
  }
  showLocalTimes();
  document.addEventListener("htmx:after:swap", showLocalTimes);

  Object.assign(savt, { sheet, toasts, format, locale, readStorage, writeStorage, formContent, openSheet, showError, showLocalTimes });
})();
