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
    const before = { vetoed: row.classList.contains("vetoed"), words: button.textContent };
    const others = row.querySelectorAll(".vetoers bdi").length - Number(mine) > 0;
    row.dataset.ahead = "";
    row.classList.toggle("vetoed", !mine || others);
    show(button, !mine, button.dataset.turned);
    return () => {
      row.classList.toggle("vetoed", before.vetoed);
      show(button, mine, before.words);
    };
  }

  function show(button, pressed, words) {
    if (pressed) button.setAttribute("aria-pressed", "true");
    else button.removeAttribute("aria-pressed");
    button.textContent = words;
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
