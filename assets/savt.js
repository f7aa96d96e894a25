// SAVT's own script: what a page can do beyond htmx, which sends the forms and puts the fragments in their places.
// Every action also works without it. It is served behind htmx and its extension, and before `share.js`, `ahead.js` and
// `live.js`, as one script.

const TOAST_MS = 10_000;
const TOASTS_AT_MOST = 4;
/** A second tap within this time is the same tap: it must not take back what the first one did. */
const ONE_TAP_MS = 400;

const sheet = document.getElementById("sheet");
const toasts = document.getElementById("toasts");

// Words, which the server gives in the page's language

/** Words with what they are about: `{name}` stands for `about.name`. */
const worded = (words, about) => words.replace(/\{(\w+)\}/g, (_, key) => about[key]);
/** The page's language as it is spoken where the browser is, for times: de-AT on a German page. */
const locale = [...navigator.languages, document.documentElement.lang]
  .find((tag) => tag.split("-")[0] === document.documentElement.lang);

/** What htmx tells about a request: the form or link it came from, and what was answered. The stream is not one of them. */
const on = (event, listener) =>
  document.addEventListener(`htmx:${event}`, (told) => {
    const ctx = told.detail.ctx;
    if (ctx && ctx.sourceElement.id !== "connection") listener(ctx, told);
  });
const succeeded = (ctx) => ctx.response.status < 400;
/** Not a proxy's error page, or a hotel's login page. */
const isOurs = (ctx) => ctx.text.includes("<hx-partial");

// Taps

/** When each row was last tapped or answered. A row keeps its id when the answer turns its button round. */
const tapped = new Map();
const rowOf = (form) => form.querySelector("button.veto") && (form.closest("[id]")?.id ?? form.action);

document.addEventListener("submit", (event) => {
  const form = event.target;
  const row = rowOf(form);
  const sameTap = row && performance.now() - (tapped.get(row) ?? -Infinity) < ONE_TAP_MS;
  const underWay = form.classList.contains("htmx-request") && sentAlready(form);
  if (sameTap || underWay) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (row) tapped.set(row, performance.now());
  sent.set(form, contentOf(form));
  // What is typed next replaces it, even before the answer is there, and waits for its turn.
  if (form.matches(".suggest")) form.elements.name.select();
  if (form.matches(".suggest, .create")) form.setAttribute("hx-sync", "queue all");
}, true);

/** What each form sent last: who types faster than the answer comes sends something else. */
const sent = new WeakMap();
const contentOf = (form) => new URLSearchParams(new FormData(form)).toString();
const sentAlready = (form) => sent.get(form) === contentOf(form);

// Answers

on("after:request", (ctx, event) => {
  if (isOurs(ctx)) return;
  event.preventDefault();
  say(ctx.response.status < 500 ? toasts.dataset.notOurs : toasts.dataset.unreachable);
});

on("error", () => say(navigator.onLine ? toasts.dataset.noAnswer : toasts.dataset.offline));

on("before:request", ({ sourceElement }) => {
  sourceElement.setAttribute("aria-busy", "true");
  if (!sheet.open && sourceElement.matches(OPENERS)) opened = placeOf(sourceElement);
});
on("finally:request", (ctx) => ctx.sourceElement.removeAttribute("aria-busy"));

on("after:swap", (ctx) => {
  if (!ctx.response) return;
  const source = ctx.sourceElement;
  if (source.matches("form")) {
    const row = rowOf(source);
    if (row) tapped.set(row, performance.now());
  }
  if (!succeeded(ctx)) {
    if (sheet.contains(source)) refuseInSheet(source);
  } else if (source.matches(OPENERS)) {
    openSheet(source);
  } else if (sheet.contains(source)) {
    sheet.close();
  } else if (source.matches(".suggest, .create")) {
    nextOne(source, ctx);
  } else if (source.matches(".history form")) {
    showUndone(source);
  } else if (source.closest("#me")) {
    document.querySelector("#me > summary").focus();
  }
  if (source.closest(".toast") && succeeded(ctx)) source.closest(".toast").remove();
});

/** Makes a form ready for the next one, unless that is being typed already, or on its way. After a new card comes what is on it. */
function nextOne(form, ctx) {
  if (contentOf(form) !== ctx.request.body.toString()) return;
  for (const field of form.querySelectorAll("input:not([type=hidden])")) field.value = "";
  for (const choice of form.querySelectorAll("select")) choice.selectedIndex = 0;
  const focused = document.activeElement;
  if (focused !== document.body && !form.contains(focused)) return;
  const card = /<li class="item" id="(item-\d+)"/.exec(ctx.text)?.[1];
  const next = (card && document.querySelector(`#${card} .suggest`)) || form;
  next.elements.name.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

/** The answer named things of the board, which are not on this page: the history is asked for again. */
function showUndone(form) {
  history.replaceState(null, "", `#${form.closest("li").id}`);
  location.reload();
}

// The sheet

/** The links and buttons whose answer comes into the sheet. */
const OPENERS = ".more, .all, .say-why, #presence, #share, .take-along a";

/** Where the focus was when the sheet was asked for. */
let opened = {};

/** The row, for its link may be another one by then, and its neighbour in case it goes, even before the sheet is there. */
function placeOf(link) {
  const row = link.closest("li") ?? document.getElementById(link.dataset.row);
  const near = row && (row.nextElementSibling ?? row.previousElementSibling ?? row.parentElement.closest("li, section"));
  return { link, row: row?.id, near };
}

function openSheet(link) {
  if (!sheet.open) sheet.showModal();
  if (link.matches(".say-why")) sheet.querySelector(".why input")?.focus();
}

sheet.addEventListener("close", () => {
  const again = document.getElementById(opened.row)?.querySelector(":scope > .more, :scope > .head > .more");
  const link = opened.link?.isConnected ? opened.link : again;
  (link ?? opened.near?.querySelector(".more, input:not([type=hidden])"))?.focus({ preventScroll: !link });
  sheet.replaceChildren();
});

// Only the backdrop belongs to the dialog itself: the menu fills all the rest. Who drags out of a field means the field.
let pressed;
sheet.addEventListener("pointerdown", (event) => { pressed = event.target; });
sheet.addEventListener("click", (event) => {
  if (event.target === sheet && pressed === sheet) sheet.close();
});

/** A refusal is said where the eye is, since the toasts lie behind the sheet. */
function refuseInSheet(form) {
  const toast = toasts.lastElementChild;
  sheet.querySelector(".toast")?.remove();
  if (form.querySelector(".reason:not(:empty)")) toast.remove();
  else form.append(toast);
}

// The panel with one's name closes like a menu

document.addEventListener("click", (event) => {
  const me = document.getElementById("me");
  if (me?.open && !me.contains(event.target)) me.open = false;
});
document.addEventListener("keydown", (event) => {
  const me = document.getElementById("me");
  if (event.key !== "Escape" || !me?.open) return;
  me.open = false;
  me.firstElementChild.focus();
});

// Toasts

function say(words) {
  const toast = document.createElement("div");
  toast.className = "toast failed";
  toast.setAttribute("role", "alert");
  toast.append(Object.assign(document.createElement("p"), { textContent: words }));
  sheet.querySelector(".toast")?.remove();
  (sheet.querySelector(".menu") ?? toasts).append(toast);
}

/** Lets a toast go, unless somebody is at it or its request is under way: then later. */
function letGo(toast) {
  const busy = toast.matches(":hover, :focus-within") || toast.querySelector(".htmx-request");
  if (busy) setTimeout(letGo, TOAST_MS / 4, toast);
  else toast.remove();
}

function settle() {
  for (const toast of toasts.children) {
    if (toast.dataset.seen) continue;
    toast.dataset.seen = "yes";
    setTimeout(letGo, TOAST_MS, toast);
  }
  const tooMany = toasts.children.length - TOASTS_AT_MOST;
  [...toasts.children].slice(0, Math.max(0, tooMany)).forEach((toast) => {
    if (!toast.querySelector(".htmx-request")) toast.remove();
  });
}

new MutationObserver(settle).observe(toasts, { childList: true });
settle();

// Who comes back by the browser's own button would see the board as it was.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// Times of here, where the server says them in UTC

for (const time of document.querySelectorAll("time")) {
  time.textContent = new Date(time.dateTime).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
}
