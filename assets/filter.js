// The filter of the board. The stylesheet does the filtering and sets `--filtered-out` on each element that does not match.
// This script counts the shown elements, stores the choice for this tab, and resets the filter if it would hide something that
// the user has just added.
(() => {
  "use strict";

  const filter = document.getElementById("filter");
  if (!filter) return;

  const all = filter.querySelector("[value=all]");
  const output = document.querySelector("#shown output");
  const showAll = document.getElementById("show-all");
  const items = document.getElementById("items");
  const freeFeatures = document.getElementById("free-features");

  const selected = () => filter.querySelector(":checked");
  const isFilteredOut = (element) => getComputedStyle(element).getPropertyValue("--filtered-out") !== "";

  /** How many elements of a list are shown, and a text such as "4 of 13 pizzas"; an empty text for an empty list. */
  function countShown(list, pattern) {
    const elements = [...list.children].filter((element) => !element.matches(".pending"));
    const shown = elements.filter((element) => !isFilteredOut(element)).length;
    return { shown, text: elements.length ? savt.format(pattern, { here: shown, all: elements.length }) : "" };
  }

  /** Updates the count in the live region. */
  function updateCount() {
    const choice = selected();
    if (choice === all) return;
    const patterns = output.dataset;
    const ofItems = countShown(items, patterns.items);
    const ofFree = countShown(freeFeatures, patterns.free);
    const isEmpty = ofItems.shown + ofFree.shown === 0;
    const what = ofItems.text && ofFree.text
      ? savt.format(patterns.both, { items: ofItems.text, free: ofFree.text })
      : ofItems.text || ofFree.text;
    setOutput(isEmpty ? choice.dataset.none : savt.format(patterns.shows, { what }));
    showAll.hidden = !isEmpty;
  }

  /** Writes only changed text, as a screen reader may announce every write. */
  function setOutput(text) {
    if (output.textContent !== text) output.textContent = text;
  }

  function select(choice) {
    choice.checked = true;
    savt.writeStorage("sessionStorage", storageKey, choice.value);
    setOutput("");
    showAll.hidden = true;
    updateCount();
  }

  filter.addEventListener("change", (event) => select(event.target));
  // On phones the choices are a line that scrolls. A browser does not scroll to a focused one that is partly visible.
  filter.addEventListener("focusin", ({ target }) => target.scrollIntoView({ block: "nearest", inline: "nearest" }));
  showAll.addEventListener("click", () => {
    select(all);
    all.focus();
  });

  // Counts once per frame, however many changes arrive.
  let frame = 0;
  const boardObserver = new MutationObserver(() => {
    frame ||= requestAnimationFrame(() => { frame = 0; updateCount(); });
  });
  for (const list of [items, freeFeatures]) {
    boardObserver.observe(list, { subtree: true, childList: true, attributeFilter: ["class", "aria-pressed"] });
  }

  // Captures the event, so that the new card is visible when savt.js moves the focus to it.
  savt.htmx.onRequest("after:swap", (ctx) => {
    if (!ctx.sourceElement.matches(".create, .suggest")) return;
    const id = /<li class="(?:item|feature)[^"]*" id="([^"]+)"/.exec(ctx.text)?.[1];
    const added = document.getElementById(id);
    if (!added?.matches("#items > *, #free-features > *") || !isFilteredOut(added)) return;
    select(all);
    setOutput(savt.format(output.dataset.showsAgain, { name: added.querySelector(".name").textContent }));
  }, { capture: true });

  const storageKey = `show ${new URL(document.getElementById("create-item").action).pathname}`;
  const stored = savt.readStorage("sessionStorage", storageKey);
  const restored = [...filter.elements].find(({ value }) => value === stored);
  if (restored) select(restored);
})();
