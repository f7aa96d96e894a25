// Which things are shown. The stylesheet hides the others by itself, and marks them as `--away`; here they are counted, the
// choice is kept for this tab, and what one has just made is not hidden from oneself.
(() => {
  "use strict";

  const filter = document.getElementById("filter");
  if (!filter) return;

  const all = filter.querySelector("[value=all]");
  const output = document.querySelector("#shown output");
  const showAll = document.getElementById("show-all");
  const items = document.getElementById("items");
  const free = document.getElementById("free-features");

  const chosen = () => filter.querySelector(":checked");
  const isAway = (thing) => getComputedStyle(thing).getPropertyValue("--away") !== "";

  /** "4 of 13 pizzas" in the words given; nothing where there are none. */
  function part(list, words) {
    const things = [...list.children].filter((thing) => !thing.matches(".ghost"));
    const here = things.filter((thing) => !isAway(thing)).length;
    return { here, words: things.length ? worded(words, { here, all: things.length }) : "" };
  }

  /** Says how many are shown, politely and only where that has changed. */
  function count() {
    const choice = chosen();
    if (choice === all) return;
    const words = output.dataset;
    const [some, others] = [part(items, words.items), part(free, words.free)];
    const none = some.here + others.here === 0;
    const both = some.words && others.words;
    const what = both ? worded(words.both, { items: some.words, free: others.words }) : some.words || others.words;
    tell(none ? choice.dataset.none : worded(words.shows, { what }));
    showAll.hidden = !none;
  }

  function tell(words) {
    if (output.textContent !== words) output.textContent = words;
  }

  function choose(choice) {
    choice.checked = true;
    remember(choice.value);
    tell("");
    showAll.hidden = true;
    count();
  }

  filter.addEventListener("change", (event) => choose(event.target));
  showAll.addEventListener("click", () => {
    choose(all);
    all.focus();
  });

  // Whoever changes the board: many changes at once are counted once.
  let waiting = 0;
  const changed = new MutationObserver(() => { waiting ||= requestAnimationFrame(() => { waiting = 0; count(); }); });
  for (const list of [items, free]) changed.observe(list, { subtree: true, childList: true, attributeFilter: ["class", "aria-pressed"] });

  // Before the script for the forms looks for what was made, to go on there.
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (!ctx.sourceElement.matches(".create, .suggest")) return;
    const id = /<li class="(?:item|feature)[^"]*" id="([^"]+)"/.exec(ctx.text)?.[1];
    const made = document.getElementById(id);
    if (!made?.matches("#items > *, #free-features > *") || !isAway(made)) return;
    choose(all);
    tell(worded(output.dataset.showsAgain, { name: made.querySelector(".name").textContent }));
  }, true);

  // A browser may forbid to keep anything; then the choice lasts as long as the page.

  const place = `show ${new URL(document.getElementById("create-item").action).pathname}`;

  function remember(value) {
    try { sessionStorage.setItem(place, value); } catch { /* forbidden */ }
  }

  function remembered() {
    try { return sessionStorage.getItem(place); } catch { return null; }
  }

  const before = [...filter.elements].find(({ value }) => value === remembered());
  if (before) choose(before);
})();
