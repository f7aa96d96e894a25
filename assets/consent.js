// Consent: tells the server what the page shows, so that nobody consents to what they have not seen, and marks what came since the
// user was fine.
(() => {
  "use strict";

  const panel = document.getElementById("consent");
  if (!panel) return;

  document.addEventListener("submit", ({ target }) => {
    if (panel.contains(target)) target.elements.seen.value = savt.shownVersion();
  }, true);

  /** The marked elements. */
  let marked = new Set();

  function mark() {
    const ids = panel.dataset.new?.split(" ") ?? [];
    if (!ids.length && !marked.size) return;
    const places = new Set(ids.map((id) => document.querySelector(`#${id} > .feature-body, #${id} .title`)).filter(Boolean));
    for (const place of marked) if (!places.has(place)) delete place.dataset.new;
    for (const place of places) if (place.dataset.new !== panel.dataset.mark) place.dataset.new = panel.dataset.mark;
    marked = places;
  }

  const observer = new MutationObserver(mark);
  observer.observe(panel, { attributeFilter: ["data-new"] });
  observer.observe(document.querySelector("main"), { childList: true, subtree: true, attributeFilter: ["data-new"] });
  mark();
})();
