// The filter of the board: its choices, the kinds of the items, and the search field of a large board. The stylesheet filters by
// veto and sets `--filtered-out` on each element that does not match; this script adds a style sheet for kinds and searched words.
// It counts the shown elements, stores the choice for this tab, and resets the filter if it would hide something that the user has
// just added.
(() => {
  "use strict";

  const filter = document.getElementById("filter");
  if (!filter) return;

  /** A value that starts with this is a kind. */
  const KIND = "kind ";
  const KINDS_MAX = 12;

  const all = filter.querySelector("[value=all]");
  const output = document.querySelector("#shown output");
  const showAll = document.getElementById("show-all");
  const search = document.getElementById("search");
  const items = document.getElementById("items");
  const freeFeatures = document.getElementById("free-features");

  const selected = () => filter.querySelector(":checked");
  const isFilteredOut = (element) => getComputedStyle(element).getPropertyValue("--filtered-out") !== "";
  const kindOf = (card) => card.querySelector(".head .kind")?.textContent ?? "";

  // Kinds: one more choice for each, while an item has it

  function updateKinds() {
    const counts = new Map();
    for (const card of items.children) {
      const kind = kindOf(card);
      if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    // The most frequent ones; in the order of the cards, so that a choice stays at its place.
    const frequent = [...counts].sort(([, one], [, other]) => other - one).slice(0, KINDS_MAX).map(([kind]) => kind);
    const kinds = [...counts.keys()].filter((kind) => frequent.includes(kind));
    const choices = [...filter.querySelectorAll(`[value^="${KIND}"]`)];
    if (choices.map(({ value }) => value).join("\n") === kinds.map((kind) => KIND + kind).join("\n")) return;
    const chosen = selected();
    const isFocused = filter.contains(document.activeElement);
    for (const choice of choices) choice.parentElement.remove();
    for (const kind of kinds) filter.append(choiceFor(kind));
    const again = [...filter.elements].find(({ value }) => value === chosen.value);
    if (again !== chosen) select(again ?? all);
    if (isFocused && again !== chosen) (again ?? all).focus();
  }

  function choiceFor(kind) {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "show", value: KIND + kind, autocomplete: "off" });
    const text = Object.assign(document.createElement("bdi"), { textContent: kind });
    label.append(input, text);
    return label;
  }

  // Search

  /** For comparison: without case and diacritics. */
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  /** The words to search for; none while the field is hidden. */
  const searched = () => search.checkVisibility() ? plain(search.value).split(/\s+/).filter(Boolean) : [];
  const textOf = (element) => plain([...element.querySelectorAll(".name, .kind")].map(({ textContent }) => textContent).join(" "));

  // Rules by id, because a class would be lost when a card is morphed.
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  let rules = "";

  function hideUnmatched() {
    const words = searched();
    const kind = selected().value.startsWith(KIND) ? selected().value.slice(KIND.length) : undefined;
    const isUnmatched = (element) =>
      (kind !== undefined && element.matches(".item") && kindOf(element) !== kind)
      || (words.length > 0 && !words.every((word) => textOf(element).includes(word)));
    const ids = kind === undefined && !words.length ? [] : [...items.children, ...freeFeatures.children]
      .filter((element) => element.id && isUnmatched(element)).map(({ id }) => `#${id}`);
    const next = ids.length ? `:is(${ids}) {
      --filtered-out: yes;
      &:not(:has(.suggest [name="name"]:is(:focus, :not(:placeholder-shown)))) { display: none; }
    }` : "";
    if (next !== rules) sheet.replaceSync(rules = next);
    return words.length > 0;
  }

  // Count

  /** How many elements of a list are shown, and a text such as "4 of 13 pizzas"; an empty text for an empty list. */
  function countShown(list, pattern) {
    const elements = [...list.children].filter((element) => !element.matches(".pending"));
    const shown = elements.filter((element) => !isFilteredOut(element)).length;
    return { shown, text: elements.length ? savt.format(pattern, { here: shown, all: elements.length }) : "" };
  }

  /** Applies the filter to the current cards and updates the count in the live region. */
  function update() {
    updateKinds();
    const isSearching = hideUnmatched();
    const choice = selected();
    if (choice === all && !isSearching) {
      if (wasSearching) setOutput("");
      wasSearching = false;
      showAll.hidden = true;
      return;
    }
    wasSearching = isSearching;
    const patterns = output.dataset;
    const ofItems = countShown(items, patterns.items);
    const ofFree = countShown(freeFeatures, patterns.free);
    const isEmpty = ofItems.shown + ofFree.shown === 0;
    const what = ofItems.text && ofFree.text
      ? savt.format(patterns.both, { items: ofItems.text, free: ofFree.text })
      : ofItems.text || ofFree.text;
    const none = isSearching ? patterns.noMatch : choice.dataset.none ?? patterns.noMatch;
    setOutput(isEmpty ? none : savt.format(patterns.shows, { what }));
    showAll.hidden = !isEmpty;
  }
  let wasSearching = false;

  /** Writes only changed text, as a screen reader may announce every write. */
  function setOutput(text) {
    if (output.textContent !== text) output.textContent = text;
  }

  function select(choice) {
    choice.checked = true;
    savt.writeStorage("sessionStorage", storageKey, choice.value);
    setOutput("");
    showAll.hidden = true;
    update();
  }

  function reset() {
    search.value = "";
    select(all);
  }

  /** Resets the filter if it hides a row or card. */
  function reveal(element) {
    if (!element || !isFilteredOut(element)) return;
    reset();
    setOutput(savt.format(output.dataset.showsAgain, { name: element.querySelector(".name").textContent }));
  }

  filter.addEventListener("change", (event) => select(event.target));
  search.addEventListener("input", update);
  // On phones the choices are a line that scrolls. A browser does not scroll to a focused one that is partly visible.
  // Not for a press, which would then end at another place.
  filter.addEventListener("focusin", ({ target }) => {
    if (target.matches(":focus-visible")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  showAll.addEventListener("click", () => {
    const next = search.value ? search : all;
    reset();
    next.focus();
  });

  // Counts once per frame, however many changes arrive.
  let frame = 0;
  const boardObserver = new MutationObserver(() => {
    frame ||= requestAnimationFrame(() => { frame = 0; update(); });
  });
  for (const list of [items, freeFeatures]) {
    boardObserver.observe(list, { subtree: true, childList: true, characterData: true, attributeFilter: ["class", "aria-pressed"] });
  }

  // Captures the event, so that the new card is visible when entry-forms.js scrolls to it.
  savt.htmx.onRequest("after:swap", (ctx) => {
    if (!ctx.sourceElement.matches(".create, .suggest")) return;
    const id = /<li class="(?:item|feature)[^"]*" id="([^"]+)"/.exec(ctx.text)?.[1];
    const added = document.getElementById(id);
    update();
    if (added?.matches("#items > *, #free-features > *")) reveal(added);
  }, { capture: true });

  // The link to what came since the user was fine.
  document.getElementById("consent").addEventListener("click", ({ target: { hash } }) => {
    if (hash) reveal(document.querySelector(hash));
  });

  const storageKey = `show ${new URL(document.getElementById("create-item").action).pathname}`;
  const stored = savt.readStorage("sessionStorage", storageKey);

  search.parentElement.hidden = false;
  updateKinds();
  const restored = [...filter.elements].find(({ value }) => value === stored);
  if (restored) select(restored);
})();
