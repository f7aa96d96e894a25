// The live board: follows the stream of what others do, and says truly how that stands.
//
// The stream tells everything, in order; an answer to one's own action tells some of it sooner. So each row remembers which
// event it shows, and what is older than that changes nothing: one's own echo does not flicker, and an old one does not
// overwrite a newer answer. Fragments say what is, not what to do, so nothing is lost by hearing them twice or out of order.
(() => {
  "use strict";

  const connection = document.getElementById("connection");
  if (!connection) return;

  /** After this long without a word, which comes every 15 s at least, the stream is dead though nobody said so. */
  const SILENCE_MS = 40_000;
  /** A connection that is gone for longer than this is not just being made again. */
  const OFFLINE_AFTER_MS = 10_000;
  /** How long to wait before trying again what failed. */
  const AGAIN_MS = 1_000;

  // What each row shows

  /** The number of the last event that each thing shows, by its id; and of the page itself, for all others. */
  const shown = new Map();
  let page = Number(connection.dataset.version);
  /** The newest event of any answer, and the one the stream is telling. */
  let answered = page;
  let told = page;

  const OF_THE_BOARD = /^(item-\d+(-head)?|feature-\d+|stats|me|me-name)$/;
  const event = (id) => shown.get(id) ?? page;
  const idOf = (task) => (task.fragment.firstElementChild ?? task.target)?.id ?? "";

  let htmxInside;
  htmx.registerExtension("savt-live", {
    init: (inside) => { htmxInside = inside; },
    handle_swap: (style, list, fragment) => style === "place" && place(list, fragment),
  });

  document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
    const streamed = ctx.sourceElement === connection;
    const version = streamed ? told : Number(ctx.response?.headers.get("savt-version") ?? NaN);
    if (Number.isNaN(version)) return;
    if (!streamed) answered = Math.max(answered, version);
    const wanted = tasks.filter((task) => isNews(task, version, streamed));
    tasks.splice(0, tasks.length, ...wanted);
  });

  /** Whether a fragment shows something later than the page does; then the page will show it. */
  function isNews(task, version, streamed) {
    const id = idOf(task);
    if (!OF_THE_BOARD.test(id)) return true;
    if (isOld(id, task.fragment.firstElementChild, version)) return false;
    const goes = task.swapSpec.style === "delete";
    if (!task.target && !goes) {
      // What it belongs to is not here: an answer came first and took it away, or this page has missed something. Only the
      // wall has no place for one's name.
      if (streamed && answered <= version && id !== "me-name") loadAgain();
      return false;
    }
    shown.set(id, version);
    if (goes && task.target && streamed) sayWhatWasTyped(task.target);
    bring(goes ? task.target : document.getElementById(id), goes ? null : task.fragment.firstElementChild, version);
    return true;
  }

  const inside = (card) => [...card?.querySelectorAll("[id]") ?? []].filter(({ id }) => OF_THE_BOARD.test(id));

  /** What the page shows already; a card of this very event, unless an older one took some of its rows meanwhile. */
  const isOld = (id, arriving, version) =>
    event(id) > version || (event(id) === version && inside(arriving).every((row) => event(row.id) >= version));

  /** A card brings its rows, wherever they were, and takes along those it no longer has: what comes later says it anew. */
  function bring(here, arriving, version) {
    for (const { id } of inside(here)) shown.delete(id);
    for (const { id } of inside(arriving)) {
      shown.set(id, version);
      const elsewhere = document.getElementById(id);
      if (elsewhere && !here?.contains(elsewhere)) elsewhere.remove();
    }
  }

  /** What has none is a ghost, and comes last. */
  const number = (element) => Number(/\d+$/.exec(element.id)?.[0] ?? Infinity);

  /** Whether something in a list stands after what comes there: where one chose another order, only what has no number yet. */
  const isAfter = (thing, arriving, list) =>
    list.dataset.order ? !thing.id : number(thing) > number(arriving);

  /** Lets a row or card stand in its list, in the order of the numbers, and nowhere else. */
  function place(list, fragment) {
    const arriving = fragment.firstElementChild;
    const here = document.getElementById(arriving.id);
    if (here?.parentElement === list) {
      htmxInside.morph(here, fragment, false);
      return [here];
    }
    let after = list.lastElementChild;
    while (after && isAfter(after, arriving, list)) after = after.previousElementSibling;
    const next = after ? after.nextElementSibling : list.firstElementChild;
    if (!here) {
      list.insertBefore(arriving, next);
      return [arriving];
    }
    list.insertBefore(here, next);
    htmxInside.morph(here, fragment, false);
    return [here];
  }

  /** Somebody took away the card at which one was typing. */
  function sayWhatWasTyped(card) {
    const typed = card.querySelector(".suggest input[name=name]")?.value.trim();
    const name = card.querySelector(".head .name")?.textContent;
    if (typed) say(worded(connection.dataset.goneWhileTyping, { name, typed }));
  }

  // A page that missed too much

  /** All of the page that follows the board, as far as this page has it. */
  const PARTS = ["items", "free-features", "stats", "me-name"].filter((id) => document.getElementById(id));

  let loading;

  /** Loads the board again and puts it in place, with all that is typed; what the stream says meanwhile waits. */
  function loadAgain() {
    loading ??= untilLoaded().finally(() => { loading = undefined; });
    return loading;
  }

  async function untilLoaded() {
    for (;;) {
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-cache" });
        const loaded = new DOMParser().parseFromString(await answer.text(), "text/html");
        const version = Number(loaded.getElementById("connection").dataset.version);
        // An answer may have come while the page was on its way, or from a process that is ahead of this one.
        if (version < answered) throw version;
        for (const id of PARTS) {
          const fragment = document.createDocumentFragment();
          fragment.append(document.adoptNode(loaded.getElementById(id)));
          htmxInside.morph(document.getElementById(id), fragment, false);
          htmx.process(document.getElementById(id));
        }
        shown.clear();
        page = told = version;
        const stream = connection._htmx?.sse;
        if (stream) stream.lastEventId = String(version);
        return;
      } catch {
        await new Promise((wake) => setTimeout(wake, AGAIN_MS));
      }
    }
  }

  // How it stands

  let heard = Date.now();
  let state;
  /** Since when it is not live. A tab in the background has let go by itself, which is no trouble. */
  let trouble;

  function stands(now) {
    trouble = now === "live" ? undefined : trouble ?? Date.now();
    if (trouble && (!navigator.onLine || Date.now() - trouble > OFFLINE_AFTER_MS)) now = "offline";
    if (now === state) return;
    state = now;
    document.documentElement.dataset.connection = now;
    const time = new Date(heard).toLocaleTimeString(locale, { timeStyle: "short" });
    const words = connection.dataset;
    connection.textContent = worded(words[now], { time });
  }

  connection.addEventListener("htmx:sse:before:message", ({ detail: { message, waitUntil } }) => {
    if (message.id) told = Number(message.id);
    if (message.event === "reload") loadAgain();
    waitUntil(Promise.resolve(loading).then(() => {
      heard = Date.now();
      stands("live");
    }));
  });
  connection.addEventListener("htmx:sse:error", () => stands("reconnecting"));
  connection.addEventListener("htmx:sse:before:connection", ({ detail: { connection: stream } }) => {
    if (stream.attempt > 0) stands("reconnecting");
  });

  // htmx makes a stream again that broke off, but not one that was never there, nor one it gave up.
  const again = () => setTimeout(() => htmx.trigger(connection, "again"), AGAIN_MS * (0.5 + Math.random()));
  connection.addEventListener("htmx:sse:close", again);
  connection.addEventListener("htmx:finally:request", () => {
    if (connection._htmx?.sse) return;
    stands("reconnecting");
    again();
  });
  // Whatever answered instead of the stream is nothing to show.
  connection.addEventListener("htmx:after:request", (told) => told.preventDefault());

  /** Ends the stream, or the waiting for it, so that it is made again at once. */
  function makeAgain() {
    const stream = connection._htmx?.sse;
    stream?.delayCanceller?.();
    stream?.reader?.cancel();
  }

  addEventListener("offline", () => stands("reconnecting"));
  addEventListener("online", makeAgain);
  setInterval(() => {
    if (document.hidden) return;
    if (state === "live" && Date.now() - heard > SILENCE_MS) makeAgain();
    if (trouble) stands("reconnecting");
  }, 1_000);
})();
