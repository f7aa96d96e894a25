// The result page: fetches itself anew when the board changes, and copies the result as text or Markdown.
(() => {
  "use strict";

  const { onBeforeSwap, taskId, morphIntoParsed } = savt.htmx;

  const result = document.getElementById("result");
  const connection = document.getElementById("connection");
  if (!result) return;

  // Live

  /** The pause between two refreshes. It is longer if the server is slow, so that many readers do not make it slower. */
  const PAUSE_MS = 1_000;
  const PAUSE_PER_ANSWER = 10;
  /** The pause if the clock of this device says that the board is closed and the server does not. */
  const CLOCK_PAUSE_MS = 10_000;
  /** A longer timeout would run at once. */
  const MAX_TIMEOUT_MS = 2 ** 31 - 1;

  let seenVersion = Number(connection.dataset.version);
  let nextAt = 0;
  let timer;
  let refreshing = false;
  let missed = false;

  function refreshLater(pause = 0) {
    if (refreshing) missed = true;
    else timer ??= setTimeout(refresh, Math.max(pause, nextAt - performance.now()));
  }

  async function refresh() {
    timer = undefined;
    refreshing = true;
    missed = false;
    const start = performance.now();
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-cache" });
      const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = parsed.getElementById("result");
      // Another process may answer that has not seen the change yet.
      if (!fresh || Number(parsed.getElementById("connection").dataset.version) < seenVersion) {
        missed = true;
      } else {
        for (const time of fresh.querySelectorAll("time")) {
          time.textContent = new Date(time.dateTime).toLocaleString(savt.locale, { dateStyle: "medium", timeStyle: "short" });
        }
        morphIntoParsed(result, fresh);
      }
    } catch {
      missed = true;
    }
    const end = performance.now();
    nextAt = end + Math.max(PAUSE_MS, PAUSE_PER_ANSWER * (end - start));
    refreshing = false;
    if (missed) refreshLater();
    waitForDeadline(CLOCK_PAUSE_MS);
  }

  let deadlineTimer;

  /** The deadline closes the board without an event. */
  function waitForDeadline(least = 0) {
    clearTimeout(deadlineTimer);
    const closes = Date.parse(result.dataset.closes);
    if (Number.isNaN(closes)) return;
    const wait = Math.max(closes - Date.now(), least);
    deadlineTimer = setTimeout(wait > MAX_TIMEOUT_MS ? waitForDeadline : refreshLater, Math.min(wait, MAX_TIMEOUT_MS));
  }

  connection.addEventListener("htmx:sse:before:message", ({ detail: { message } }) => {
    const version = Number(message.id || seenVersion);
    if (version === seenVersion && message.event !== "reload") return;
    seenVersion = version;
    refreshLater();
  });

  // The fragments of the stream belong to the board's page. Runs before live.js, which would miss their targets here.
  onBeforeSwap((ctx, tasks, streamed) => {
    if (streamed) tasks.splice(0, tasks.length, ...tasks.filter((task) => taskId(task) === "outage"));
  }, { capture: true });

  waitForDeadline();

  // Copying

  const copied = document.getElementById("copied");
  const status = copied.querySelector("[role=status]");
  const field = copied.querySelector("textarea");

  for (const button of document.querySelectorAll(".copy-result")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      status.textContent = "";
      field.hidden = true;
      const text = fetch(button.dataset.from, { cache: "no-cache" }).then((response) => response.ok ? response.text() : Promise.reject(response));
      try {
        // Safari copies only what is promised during the click.
        await navigator.clipboard.write([new ClipboardItem({ "text/plain": text.then((plain) => new Blob([plain], { type: "text/plain" })) })]);
        status.textContent = copied.dataset.copied;
      } catch {
        await text.then(copyFromField, () => savt.showError(savt.toasts.dataset.noAnswer));
      }
    });
  }

  /** For browsers without a clipboard, such as those that reach SAVT without HTTPS. */
  function copyFromField(text) {
    field.value = text;
    field.hidden = false;
    field.focus();
    field.select();
    const done = document.execCommand("copy");
    field.hidden = done;
    status.textContent = done ? copied.dataset.copied : copied.dataset.notCopied;
  }
})();
