// The live board: applies the stream of everyone's changes, and shows whether that stream is connected.
//
// The stream carries every change in order; the response to a form carries the user's own change sooner. Each row therefore has
// a version, the number of the event it shows, and older fragments are dropped: the echo of the user's own change does not
// flicker, and an old message does not overwrite a newer response. Fragments describe state rather than steps, so receiving
// them twice or out of order loses nothing.
(() => {
  "use strict";

  const { onBeforeSwap, taskId, defineSwapStyle, morph, morphIntoParsed, hasStream, setLastEventId, reconnectStream } = savt.htmx;

  const connection = document.getElementById("connection");
  if (!connection) return;

  /** The server sends something at least every 15 s; a stream that is silent for this long is dead. */
  const SILENCE_MS = 40_000;
  /** A stream that is down for longer than this counts as offline rather than reconnecting. */
  const OFFLINE_AFTER_MS = 10_000;
  const RETRY_MS = 1_000;
  /** How often to ask for a version that the page has seen, before accepting that the board has lost it. */
  const MAX_OLD_PAGES = 5;
  /** The page loads itself anew at most once in this time, even if two servers disagree about the epoch. */
  const LOAD_PAUSE_MS = 10_000;

  // Versions

  /** The version of each element that differs from `pageVersion`, by id. */
  const versions = new Map();
  let pageVersion = Number(connection.dataset.version);
  /** The newest version of any response, and the version of the stream message being processed. */
  let responseVersion = pageVersion;
  let streamVersion = pageVersion;

  const VERSIONED_ID = /^(item-\d+(-head)?|feature-\d+|stats|consent|outcome|me|me-name|board-name|purpose)$/;
  const versionOf = (id) => versions.get(id) ?? pageVersion;

  defineSwapStyle("place", insertSorted);

  onBeforeSwap((ctx, tasks, streamed) => {
    const version = streamed ? streamVersion : Number(ctx.response?.headers.get("savt-version") ?? NaN);
    if (Number.isNaN(version)) return;
    if (!streamed) responseVersion = Math.max(responseVersion, version);
    const accepted = tasks.filter((task) => accept(task, version, streamed));
    tasks.splice(0, tasks.length, ...accepted);
  });

  /** Decides whether to swap in a fragment: only if it is newer than what the page shows. Records its version if so. */
  function accept(task, version, streamed) {
    const id = taskId(task);
    const incoming = task.fragment.firstElementChild;
    // The toast about an event that was undone: this page may not have it, or may have sent its form.
    if (task.swapSpec.style === "delete" && id.startsWith("toast-")) return Boolean(task.target && !task.target.querySelector(".htmx-request"));
    if (!VERSIONED_ID.test(id)) return true;
    if (isOutdated(id, incoming, version)) return false;
    const deletes = task.swapSpec.style === "delete";
    if (!task.target && !deletes) {
      // The target is missing: a response has removed it already, or this page has missed a change. The projector view has no
      // element for the user's name.
      if (streamed && responseVersion <= version && id !== "me-name") resync();
      return false;
    }
    versions.set(id, version);
    if (deletes && task.target && streamed) reportTypedText(task.target);
    updateVersions(deletes ? task.target : document.getElementById(id), deletes ? null : incoming, version);
    return true;
  }

  const versionedInside = (card) => [...card?.querySelectorAll("[id]") ?? []].filter(({ id }) => VERSIONED_ID.test(id));

  /**
   * A card of the same version is not outdated if an older card has meanwhile removed some of its rows, nor is what changes at the
   * deadline without an event.
   */
  const isOutdated = (id, incoming, version) =>
    versionOf(id) > version
    || (versionOf(id) === version && !/^(outcome|consent)$/.test(id) && versionedInside(incoming).every((row) => versionOf(row.id) >= version));

  /** Sets the version of all rows of an incoming card and removes those rows elsewhere; forgets rows that it no longer has. */
  function updateVersions(current, incoming, version) {
    for (const { id } of versionedInside(current)) versions.delete(id);
    for (const { id } of versionedInside(incoming)) {
      versions.set(id, version);
      const existing = document.getElementById(id);
      if (existing && !current?.contains(existing)) existing.remove();
    }
  }

  /** The number in an id. A pending row has no id and sorts last. */
  const numberOf = (element) => Number(/\d+$/.exec(element.id)?.[0] ?? Infinity);

  /** Whether `element` comes after `incoming`. If the user has sorted the list, a new card goes last, before pending ones. */
  const isAfter = (element, incoming, list) =>
    list.dataset.order ? !element.id : numberOf(element) > numberOf(incoming);

  /** Inserts a row or card into a list in the order of ids, morphing it if it exists in this or another list. */
  function insertSorted(list, fragment) {
    const incoming = fragment.firstElementChild;
    const existing = document.getElementById(incoming.id);
    if (existing?.parentElement === list) {
      morph(existing, fragment);
      return [existing];
    }
    let previous = list.lastElementChild;
    while (previous && isAfter(previous, incoming, list)) previous = previous.previousElementSibling;
    const next = previous ? previous.nextElementSibling : list.firstElementChild;
    if (!existing) {
      list.insertBefore(incoming, next);
      return [incoming];
    }
    list.insertBefore(existing, next);
    morph(existing, fragment);
    return [existing];
  }

  /** Shows the text that was being typed on a card that somebody else has deleted. */
  function reportTypedText(card) {
    const typed = card.querySelector(".suggest input[name=name]")?.value.trim();
    const name = card.querySelector(".head .name")?.textContent;
    if (typed) savt.showError(savt.format(connection.dataset.goneWhileTyping, { name, typed }));
  }

  // Resync: reloads the board after the page has missed changes

  /** The ids of the page's parts that follow the board. */
  const LIVE_PARTS = ["items", "free-features", "stats", "consent", "outcome", "me-name", "board-name", "purpose"].filter((id) => document.getElementById(id));

  let resyncing;
  /** Whether every other text of the page has old words. The page loads anew once nothing typed would be lost. */
  let hasOtherWords = false;

  const isTyping = () => savt.sheet.open
    || [...document.querySelectorAll("input:not([type=hidden], #search), textarea")].some(({ value, defaultValue }) => value !== defaultValue);

  /** Fetches the page and morphs it in, keeping typed text. Stream messages wait until it is done. */
  function resync() {
    resyncing ??= fetchAndMorph().finally(() => { resyncing = undefined; });
    return resyncing;
  }

  async function fetchAndMorph() {
    let oldPages = 0;
    for (let attempt = 0; ; attempt++) {
      try {
        const response = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-cache" });
        if (response.status === 410) return await loadAnew();
        const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
        const { version: text, epoch, words } = parsed.getElementById("connection").dataset;
        const version = Number(text);
        if (epoch && epoch !== connection.dataset.epoch) return await loadAnew();
        // A response may have arrived during the fetch, or may come from a process that is ahead of the one that sent the page.
        if (version < responseVersion && ++oldPages >= MAX_OLD_PAGES) return await loadAnew();
        if (version < responseVersion) throw version;
        for (const id of LIVE_PARTS) {
          morphIntoParsed(document.getElementById(id), parsed.getElementById(id));
          htmx.process(document.getElementById(id));
        }
        document.title = parsed.title;
        hasOtherWords = words !== connection.dataset.words;
        savt.showLocalTimes();
        versions.clear();
        pageVersion = streamVersion = version;
        setLastEventId(connection, version);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS * 2 ** Math.min(attempt, 4) * (0.5 + Math.random() / 2)));
      }
    }
  }

  /**
   * Loads the whole page: after the database was restored, its ids may belong to other rows, so it must not be morphed.
   * Never resolves, so that no message is applied to the old page.
   */
  function loadAnew() {
    const key = "savt-loaded-anew";
    const pause = Number(sessionStorage.getItem(key) ?? 0) + LOAD_PAUSE_MS - Date.now();
    setTimeout(() => {
      sessionStorage.setItem(key, Date.now());
      location.reload();
    }, Math.max(0, pause) + RETRY_MS * Math.random());
    return new Promise(() => {});
  }

  // 403: the cookie has ended, so this browser is no longer the participant for whom the page was made.
  savt.htmx.onRequest("after:swap", (ctx) => {
    if (ctx.response?.status !== 403) return;
    reconnectStream(connection);
    resync();
  });

  /** The number of the last event that the page shows. */
  savt.seenVersion = () => Math.max(responseVersion, streamVersion);
  /** The same without what only a response told: all changes up to this event are on the page. */
  savt.shownVersion = () => resyncing ? pageVersion : streamVersion;

  // Connection status

  let lastMessageAt = Date.now();
  let status;
  /** Since when the stream is not live. The SSE extension pauses it in a background tab, which does not count. */
  let downSince;

  function setStatus(next) {
    downSince = next === "live" ? undefined : downSince ?? Date.now();
    if (downSince && (!navigator.onLine || Date.now() - downSince > OFFLINE_AFTER_MS)) next = "offline";
    if (next === status) return;
    status = next;
    document.documentElement.dataset.connection = next;
    const time = new Date(lastMessageAt).toLocaleTimeString(savt.locale, { timeStyle: "short" });
    connection.textContent = savt.format(connection.dataset[next], { time });
  }

  connection.addEventListener("htmx:sse:before:message", ({ detail: { message, waitUntil } }) => {
    if (message.id) streamVersion = Number(message.id);
    if (message.event === "reload") resync();
    waitUntil(Promise.resolve(resyncing).then(() => {
      lastMessageAt = Date.now();
      setStatus("live");
    }));
  });
  connection.addEventListener("htmx:sse:error", ({ detail }) => lost(detail.status));
  /** 410: the board was deleted, which only another page can say. */
  function lost(status) {
    setStatus("reconnecting");
    if (status === 410) resync();
  }
  connection.addEventListener("htmx:sse:before:connection", ({ detail }) => {
    if (detail.connection.attempt > 0) setStatus("reconnecting");
  });

  // The SSE extension reconnects a stream that breaks, but not one whose first request failed or that it has closed.
  const connectLater = () => setTimeout(() => htmx.trigger(connection, "reconnect"), RETRY_MS * (0.5 + Math.random()));
  connection.addEventListener("htmx:sse:close", connectLater);
  connection.addEventListener("htmx:finally:request", ({ detail }) => {
    if (hasStream(connection)) return;
    lost(detail.ctx.response?.status);
    connectLater();
  });
  // A response that is not a stream is an error page, which must not be swapped in.
  connection.addEventListener("htmx:after:request", (event) => event.preventDefault());

  addEventListener("offline", () => setStatus("reconnecting"));
  addEventListener("online", () => reconnectStream(connection));
  setInterval(() => {
    if (document.hidden) return;
    if (status === "live" && Date.now() - lastMessageAt > SILENCE_MS) reconnectStream(connection);
    if (downSince) setStatus("reconnecting");
    if (!hasOtherWords || isTyping()) return;
    hasOtherWords = false;
    loadAnew();
  }, 1_000);
})();
