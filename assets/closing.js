// The deadline: the time that is left by the server's clock, and its field in the reader's time zone. Announces that the board is
// closed.
(() => {
  "use strict";

  const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

  const announcer = document.getElementById("announcer");
  const findOutcome = () => document.getElementById("outcome");
  const isClosed = () => Boolean(findOutcome()?.matches("[data-closed]"));

  let wasClosed = isClosed();
  /** The server's time that the page shows, and when it came by the browser's clock, which may be wrong. */
  let serverTime;
  let receivedAt;

  /** A number of seconds as its largest unit, and hours or minutes besides. */
  function inWords(seconds) {
    const first = UNITS.findIndex(([unit, size]) => seconds >= size || unit === "second");
    let rest = seconds;
    const parts = UNITS.slice(first, first + (first < 2 ? 2 : 1)).map(([unit, size]) => {
      const value = Math.floor(rest / size);
      rest %= size;
      return value.toLocaleString(savt.locale, { style: "unit", unit, unitDisplay: "short" });
    });
    return parts.join(" ");
  }

  function updateClock() {
    const outcome = findOutcome();
    const clock = outcome?.querySelector(".clock");
    if (!clock) return;
    const { now, deadline } = outcome.dataset;
    if (now !== serverTime) {
      serverTime = now;
      receivedAt = Date.now();
    }
    const left = Date.parse(deadline) - Date.parse(now) - (Date.now() - receivedAt);
    const text = savt.format(clock.dataset.in, { time: inWords(Math.max(0, left / 1_000)) });
    if (clock.textContent !== text) clock.textContent = text;
  }

  /** The server fills the field with UTC. */
  function localizeField() {
    const field = document.querySelector("#deadline-form [type=datetime-local]");
    if (!field) return;
    document.getElementById("deadline-utc")?.remove();
    const { at } = field.dataset;
    if (!at) return;
    delete field.dataset.at;
    const time = new Date(at);
    field.value = new Date(time - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  }

  document.addEventListener("formdata", ({ target, formData }) => {
    const { at } = target.elements;
    if (at?.type === "datetime-local" && at.value) formData.set("at", new Date(at.value).toISOString());
  });

  function update() {
    updateClock();
    localizeField();
    if (isClosed() && !wasClosed && announcer) announcer.textContent = findOutcome().querySelector("h2").textContent;
    wasClosed = isClosed();
  }

  update();
  document.addEventListener("htmx:after:swap", update);
  setInterval(updateClock, 1_000);
})();
