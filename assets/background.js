// The title of a tab in the background says how many changes there have been since the user left it: "(3) Pizza night". The stream
// is closed there, so this script asks for the version of the board, with a small request at long intervals.
(() => {
  "use strict";

  const connection = document.getElementById("connection");
  if (!connection) return;

  const POLL_MS = 10_000;

  let { title } = document;
  const address = new URL(connection.getAttribute("hx-sse:connect").replace(/events.*/, "presence"), location).href;

  /** Changes when the tab goes to the background or comes back, so that a late response is dropped. */
  let period = 0;

  async function poll(seen, current) {
    if (current !== period) return;
    try {
      const { headers } = await fetch(address, { method: "HEAD", cache: "no-store" });
      const changes = Number(headers.get("savt-version")) - seen;
      if (current === period && changes > 0) document.title = `(${changes}) ${title}`;
    } catch { /* offline: the next request may succeed */ }
    setTimeout(poll, POLL_MS, seen, current);
  }

  document.addEventListener("visibilitychange", () => {
    period++;
    if (!document.hidden) {
      document.title = title;
      return;
    }
    // The board may have been renamed.
    ({ title } = document);
    setTimeout(poll, POLL_MS, savt.seenVersion(), period);
  });
})();
