// Announces other people's changes in a live region for screen readers: one change as a sentence, several as a count, at a
// limited rate. The user's own changes are announced by their toasts instead.
(() => {
  "use strict";

  const { onRequest, onBeforeSwap, taskId } = savt.htmx;

  const liveRegion = document.getElementById("announcer");
  if (!liveRegion) return;
  const connection = document.getElementById("connection");

  /** Changes within this time are announced together. */
  const COLLECT_MS = 2_000;
  /** The minimum time between two announcements. */
  const INTERVAL_MS = 5_000;
  /** How often to check again while a request is in flight: until then a change may turn out to be the user's own. */
  const RECHECK_MS = 500;

  const requestsInFlight = new Set();
  onRequest("before:request", (ctx) => requestsInFlight.add(ctx));
  onRequest("finally:request", (ctx) => requestsInFlight.delete(ctx));

  /** The sentence to announce for each changed element, by id. */
  const pending = new Map();
  let timer;
  let announcedAt = -Infinity;

  const ANNOUNCED_ID = /^(item-\d+(-head)?|feature-\d+)$/;

  // A response that contains a pending change: that change is the user's own. Captures the event, since live.js drops the
  // response's fragment if the stream has delivered it first.
  onBeforeSwap((ctx, tasks, streamed) => {
    if (!streamed) tasks.forEach((task) => pending.delete(taskId(task)));
  }, { capture: true });

  // Runs after the listener in live.js, which has dropped outdated fragments.
  onBeforeSwap((ctx, tasks, streamed) => {
    if (!streamed) return;
    for (const task of tasks) {
      const id = taskId(task);
      const sentence = ANNOUNCED_ID.test(id) && describe(document.getElementById(id), task);
      if (sentence) enqueue(id, sentence);
    }
  });

  connection.addEventListener("htmx:sse:before:message", ({ detail: { message } }) => {
    if (message.event === "reload") enqueue("", liveRegion.dataset.resynced);
  });

  // Sentences

  const sentenceFor = (key, args) => savt.format(liveRegion.dataset[key], args);
  const textOf = (element, selector) => element.querySelector(selector)?.textContent.trim().replace(/\s+/g, " ") ?? "";
  const nameOf = (element) => textOf(element, ".name");
  /** A row's or card head's text without its vetoes. */
  const labelOf = (element) => `${nameOf(element)} ${textOf(element, ".amount, .kind")}`.trim();

  /** What a fragment changes about the current element (null if there is none); empty if the change is not visible. */
  function describe(current, { fragment, target, swapSpec }) {
    if (swapSpec.style === "delete") return current && sentenceFor("gone", { name: nameOf(current) });
    const incoming = fragment.firstElementChild;
    const name = nameOf(incoming);
    if (!current) {
      const card = target.closest(".item");
      return card ? sentenceFor("newOn", { name, item: nameOf(card) }) : sentenceFor("new", { name });
    }
    if (nameOf(current) !== name) return sentenceFor("renamed", { old: nameOf(current), name });
    if (incoming.matches(".item")) return "";
    if (labelOf(current) !== labelOf(incoming)) return sentenceFor("changed", { name: labelOf(incoming) });
    const vetoers = textOf(incoming, ".vetoers");
    if (textOf(current, ".vetoers") !== vetoers) {
      return vetoers ? sentenceFor("vetoed", { name, vetoers }) : sentenceFor("unvetoed", { name });
    }
    return incoming.matches(".feature") && current.parentElement !== target ? sentenceFor("moved", { name }) : "";
  }

  // Rate limit

  function enqueue(id, sentence) {
    if (document.hidden) return;
    pending.set(id, sentence);
    if (timer) return;
    // A screen reader announces the same text again only if the region was emptied first.
    liveRegion.textContent = "";
    timer = setTimeout(announce, Math.max(COLLECT_MS, announcedAt + INTERVAL_MS - performance.now()));
  }

  function announce() {
    timer = undefined;
    if (requestsInFlight.size) {
      timer = setTimeout(announce, RECHECK_MS);
      return;
    }
    const sentences = [...pending.values()];
    pending.clear();
    if (!sentences.length || document.hidden) return;
    liveRegion.textContent = sentences.length === 1 ? sentences[0] : sentenceFor("many", { number: sentences.length });
    announcedAt = performance.now();
  }
})();
