// Toasts: there is one at a time. It goes after a while, or once it is outdated, and it does not cover what the user works on.
(() => {
  "use strict";

  const { onRequest } = savt.htmx;
  const { toasts } = savt;

  const TOAST_MS = 10_000;

  // One at a time

  const isWaiting = (toast) => toast.querySelector(".htmx-request");

  /** Removes a toast, but later while it is hovered, focused, or waiting for the response to its own request. */
  function expire(toast) {
    if (toast.matches(":hover, :focus-within") || isWaiting(toast)) setTimeout(expire, TOAST_MS / 4, toast);
    else toast.remove();
  }

  /** Keeps the last toast. An earlier one that waits for a response stays until then; the style sheet hides it. */
  function showLast() {
    [...toasts.children].slice(0, -1).filter((toast) => !isWaiting(toast)).forEach((toast) => toast.remove());
    const toast = toasts.lastElementChild;
    if (toast && !toast.dataset.scheduled) {
      toast.dataset.scheduled = "yes";
      setTimeout(expire, TOAST_MS, toast);
    }
    removeOutdated();
    place();
  }

  /** After a veto was withdrawn, here or elsewhere, there is nothing to give a reason for. */
  function removeOutdated() {
    const link = toasts.querySelector(".add-reason");
    const row = link && document.getElementById(link.dataset.row);
    if (link && !row?.querySelector("button.veto[aria-pressed=true]")) link.closest(".toast").remove();
  }

  // Position: at the bottom of what is visible above an on-screen keyboard, or at its top if the toast would cover the field or
  // the row that the user works on

  /** Some pixels around it stay free, for the outline of the focus. */
  const MARGIN = 8;
  const ROWS = ".feature, .head";

  let lastRowId;
  document.addEventListener("submit", ({ target }) => { lastRowId = target.closest(".feature")?.id; }, true);

  /** The focused field, or the row that is focused or was changed last. A tap on a button does not focus it in every browser. */
  function workplace() {
    const focused = document.activeElement;
    if (focused.matches("input, select, textarea")) return focused;
    return focused.closest(ROWS) ?? document.getElementById(lastRowId);
  }

  function place() {
    const toast = toasts.lastElementChild;
    if (!toast) return;
    const { offsetTop: top, height } = visualViewport;
    let bottom = top + height;
    // Above the button for consent, if that is at the bottom.
    const foot = document.getElementById("consent")?.getBoundingClientRect();
    if (foot?.height && foot.top < bottom && foot.bottom >= bottom - MARGIN) bottom = foot.top;
    const below = document.documentElement.clientHeight - bottom;
    toasts.style.setProperty("--visible-top", `${Math.max(0, top)}px`);
    toasts.style.setProperty("--visible-bottom", `${Math.max(0, below)}px`);
    const area = workplace()?.getBoundingClientRect();
    const { left, right } = toast.getBoundingClientRect();
    const isBeside = !area || area.right < left || area.left > right;
    const space = toasts.offsetHeight + MARGIN;
    const coversAtBottom = !isBeside && area.bottom > bottom - space && area.top < bottom;
    const coversAtTop = !isBeside && area.top < top + space && area.bottom > top;
    toasts.classList.toggle("at-top", coversAtBottom && !coversAtTop);
  }

  let frame;
  function placeSoon() {
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      place();
    });
  }

  for (const event of ["resize", "scroll"]) {
    visualViewport.addEventListener(event, placeSoon);
    addEventListener(event, placeSoon, { passive: true });
  }
  document.addEventListener("focusin", placeSoon);
  onRequest("after:swap", placeSoon);

  new MutationObserver(showLast).observe(toasts, { childList: true });
  const rows = { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-pressed"] };
  new MutationObserver(removeOutdated).observe(document.querySelector("main"), rows);
  showLast();
})();
