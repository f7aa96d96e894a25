// A veto shows in its row at once, before the answer is there, which brings the names and is the truth. If it refuses, or none
// comes, the row is as it was.
(() => {
  "use strict";

  /** How to take back what a form shows ahead of its answer. */
  const ahead = new WeakMap();

  document.addEventListener("submit", ({ target: form }) => {
    const row = form.closest(".feature");
    const button = row && form.querySelector("button.veto");
    if (!button) return;
    takeBack(form);
    ahead.set(form, { row, back: turn(row, button) });
  }, true);

  /** Turns a row's veto round; gives the way back. The mark goes when the row is told anew. */
  function turn(row, button) {
    const mine = button.getAttribute("aria-pressed") === "true";
    const vetoed = row.classList.contains("vetoed");
    const others = row.querySelectorAll(".vetoers > bdi").length - Number(mine) > 0;
    row.dataset.ahead = "";
    row.classList.toggle("vetoed", !mine || others);
    press(button, !mine);
    return () => {
      row.classList.toggle("vetoed", vetoed);
      press(button, mine);
    };
  }

  function press(button, pressed) {
    if (pressed) button.setAttribute("aria-pressed", "true");
    else button.removeAttribute("aria-pressed");
  }

  function takeBack(form) {
    const { row, back } = ahead.get(form) ?? {};
    if (row && "ahead" in row.dataset) back();
    settle(form);
  }

  function settle(form) {
    delete ahead.get(form)?.row.dataset.ahead;
    ahead.delete(form);
  }

  on("after:request", (ctx) => {
    if (!succeeded(ctx) || !isOurs(ctx)) takeBack(ctx.sourceElement);
  });
  on("error", (ctx) => takeBack(ctx.sourceElement));
  on("finally:request", (ctx) => settle(ctx.sourceElement));
})();
