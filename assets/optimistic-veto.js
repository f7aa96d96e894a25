// Optimistic update of a veto: its row changes at once; the response then brings the names. If the request fails, the row is
// rolled back.
(() => {
  "use strict";

  const { onRequest, succeeded, isFragmentResponse } = savt.htmx;

  /** The row that each form updated optimistically, and the function that rolls it back. */
  const updates = new WeakMap();

  document.addEventListener("submit", ({ target: form }) => {
    const row = form.closest(".feature");
    const button = row && form.querySelector("button.veto");
    if (!button) return;
    // A veto that has to say why is not given yet.
    if (document.querySelector("#board-name[data-reasons]") && !button.hasAttribute("aria-pressed")) return;
    rollBack(form);
    updates.set(form, { row, restore: toggleVeto(row, button) });
  }, true);

  /** Toggles a row's own veto and returns the function that restores it. A fragment for the row removes `data-optimistic`. */
  function toggleVeto(row, button) {
    const hadOwnVeto = button.getAttribute("aria-pressed") === "true";
    const wasVetoed = row.classList.contains("vetoed");
    const hasOtherVetoes = row.querySelectorAll(".vetoers > bdi").length - Number(hadOwnVeto) > 0;
    row.dataset.optimistic = "";
    row.classList.toggle("vetoed", !hadOwnVeto || hasOtherVetoes);
    setPressed(button, !hadOwnVeto);
    return () => {
      row.classList.toggle("vetoed", wasVetoed);
      setPressed(button, hadOwnVeto);
    };
  }

  /** Also changes the visible label, which says what the next press does. */
  function setPressed(button, pressed) {
    if (pressed === (button.getAttribute("aria-pressed") === "true")) return;
    const { other } = button.dataset;
    if (other) {
      button.dataset.other = button.textContent;
      button.textContent = other;
    }
    if (pressed) button.setAttribute("aria-pressed", "true");
    else button.removeAttribute("aria-pressed");
  }

  /** Restores the row, unless a fragment has replaced the optimistic state. */
  function rollBack(form) {
    const { row, restore } = updates.get(form) ?? {};
    if (row && "optimistic" in row.dataset) restore();
    forget(form);
  }

  function forget(form) {
    delete updates.get(form)?.row.dataset.optimistic;
    updates.delete(form);
  }

  onRequest("after:request", (ctx) => {
    if (!succeeded(ctx) || !isFragmentResponse(ctx)) rollBack(ctx.sourceElement);
  });
  onRequest("error", (ctx) => rollBack(ctx.sourceElement));
  onRequest("finally:request", (ctx) => forget(ctx.sourceElement));
})();
