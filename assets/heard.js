// Says what others change to those who do not see it: one change as a sentence, more of them as their number, and never so often
// that it is all one hears. What one does oneself is told by its toast.
(() => {
  "use strict";

  const place = document.getElementById("heard");
  if (!place) return;
  const connection = document.getElementById("connection");

  /** What comes within this time is told together. */
  const TOGETHER_MS = 2_000;
  /** From one word to the next. */
  const APART_MS = 5_000;
  /** While an answer is awaited nobody knows whose change it was. */
  const AGAIN_MS = 500;

  /** The requests that are not answered yet. */
  const underWay = new Set();
  on("before:request", (ctx) => underWay.add(ctx));
  on("finally:request", (ctx) => underWay.delete(ctx));

  /** What is to be told of each thing, by its id. */
  const changes = new Map();
  let waiting;
  let told = -Infinity;

  const OF_THE_BOARD = /^(item-\d+(-head)?|feature-\d+)$/;
  const idOf = (task) => (task.fragment.firstElementChild ?? task.target)?.id ?? "";

  // The stream was quicker than the answer: it was not another one's change.
  document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
    if (ctx.sourceElement !== connection) tasks.forEach((task) => changes.delete(idOf(task)));
  }, true);

  // What is no news was taken out before.
  document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
    if (ctx.sourceElement !== connection) return;
    for (const task of tasks) {
      const id = idOf(task);
      const words = OF_THE_BOARD.test(id) && sentence(document.getElementById(id), task);
      if (words) hear(id, words);
    }
  });

  connection.addEventListener("htmx:sse:before:message", ({ detail: { message } }) => {
    if (message.event === "reload") hear("", place.dataset.much);
  });

  // In words

  const say = (what, names) => worded(place.dataset[what], names);
  const textOf = (thing, css) => thing.querySelector(css)?.textContent.trim().replace(/\s+/g, " ") ?? "";
  const nameOf = (thing) => textOf(thing, ".name");
  /** All that a row or head says but its vetoes. */
  const whatOf = (thing) => `${nameOf(thing)} ${textOf(thing, ".amount, .kind")}`.trim();

  /** What becomes of the thing that is here; nothing if one would not see it either. */
  function sentence(here, { fragment, target, swapSpec }) {
    if (swapSpec.style === "delete") return here && say("gone", { name: nameOf(here) });
    const arriving = fragment.firstElementChild;
    const name = nameOf(arriving);
    if (!here) {
      const card = target.closest(".item");
      return card ? say("newOn", { name, item: nameOf(card) }) : say("new", { name });
    }
    if (nameOf(here) !== name) return say("renamed", { old: nameOf(here), name });
    if (arriving.matches(".item")) return "";
    if (whatOf(here) !== whatOf(arriving)) return say("changed", { name: whatOf(arriving) });
    const vetoers = textOf(arriving, ".vetoers");
    if (textOf(here, ".vetoers") !== vetoers) return vetoers ? say("vetoed", { name, vetoers }) : say("unvetoed", { name });
    return arriving.matches(".feature") && here.parentElement !== target ? say("moved", { name }) : "";
  }

  // Politely

  function hear(id, words) {
    if (document.hidden) return;
    changes.set(id, words);
    if (waiting) return;
    // Then the same words again are said again.
    place.textContent = "";
    waiting = setTimeout(tell, Math.max(TOGETHER_MS, told + APART_MS - performance.now()));
  }

  function tell() {
    waiting = undefined;
    if (underWay.size) {
      waiting = setTimeout(tell, AGAIN_MS);
      return;
    }
    const sentences = [...changes.values()];
    changes.clear();
    if (!sentences.length || document.hidden) return;
    place.textContent = sentences.length === 1 ? sentences[0] : say("many", { number: sentences.length });
    told = performance.now();
  }
})();
