// Repeated presses: a press at the place of the last one and within a short time is the same press, whatever stands there now.
// The second click of a double click therefore does not act on what has moved under the pointer. Presses at different places and
// keyboard activation are unaffected.
(() => {
  "use strict";

  const SAME_PRESS_MS = 400;
  /** How far apart the two presses of a double tap may be, in CSS pixels. */
  const SAME_PLACE_PX = 16;
  const STORAGE_KEY = "savt-press";

  /** The last press: `{ at, x, y, repeats }`. Its time is absolute, because it may have been on the previous page of this tab. */
  let last = JSON.parse(savt.readStorage("sessionStorage", STORAGE_KEY)) ?? {};

  addEventListener("pointerdown", ({ timeStamp, clientX: x, clientY: y }) => {
    const at = performance.timeOrigin + timeStamp;
    const repeats = at - last.at < SAME_PRESS_MS && Math.hypot(x - last.x, y - last.y) < SAME_PLACE_PX;
    last = { at, x, y, repeats };
  }, true);

  // `detail` is 0 for a click by the keyboard or a script. One press may cause two clicks: that of a label, and that of its field.
  addEventListener("click", (event) => {
    if (!event.detail || !last.repeats) return;
    last.repeats = false;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  addEventListener("pagehide", () => savt.writeStorage("sessionStorage", STORAGE_KEY, JSON.stringify(last)));

  // After a key, a press at the same place is another one: the key has changed what stands there.
  addEventListener("keydown", () => { last = {}; }, true);

  // Enter: a key that is held down is pressed once, and so is one that is pressed again in a field that it has just emptied.

  let entered = {};

  addEventListener("keydown", (event) => {
    const { key, target, timeStamp: at, repeat } = event;
    if (key !== "Enter" || event.isComposing || target.matches("textarea")) return;
    const isSame = target.matches("input") && target === entered.target && target.value === "" && at - entered.at < SAME_PRESS_MS;
    entered = { target, at };
    if (repeat || isSame) event.preventDefault();
  }, true);
})();
