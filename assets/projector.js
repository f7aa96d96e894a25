// The projector view: fits the board to the screen, because nobody scrolls a projected page. The text gets smaller, down to a
// readable size; what still does not fit goes to further pages, which turn by themselves. The browser lays out all pages as
// columns side by side, so no row is moved, and every change appears at its place.
(() => {
  "use strict";

  const columns = document.querySelector(".projector .columns");
  if (!columns) return;

  const TURN_MS = 10_000;
  /** The number of text sizes to choose from. */
  const STEPS = 8;

  const root = document.documentElement;
  const pager = document.querySelector(".pager");
  const indicator = pager.querySelector(".page-number");
  const toggle = pager.querySelector(".turning");
  /** On a phone the view scrolls. The style sheet has the same condition. */
  const isLarge = matchMedia("(min-width: 40rem) and (min-height: 30rem)");
  const isStill = matchMedia("(prefers-reduced-motion: reduce)");

  /** The text size that the user has set. */
  root.style.fontSize = "1rem";
  const defaultSize = parseFloat(getComputedStyle(root).fontSize);

  let page = 0;
  let pages = 1;
  let turning = !isStill.matches;
  let timer;

  /** Sets a text size from the smallest to the largest. A projected image is read from afar, so both grow with it. */
  function setSize(step) {
    const smallest = Math.max(defaultSize, Math.min(innerWidth * 0.0125, innerHeight * 0.02));
    const largest = Math.max(smallest, Math.min(innerWidth * 0.016, innerHeight * 0.03));
    root.style.fontSize = `${smallest + (largest - smallest) * step / STEPS}px`;
  }

  /** The distance between the left edges of two pages. */
  const pageWidth = () => columns.getBoundingClientRect().width + parseFloat(getComputedStyle(columns).columnGap);

  function countPages() {
    const gap = parseFloat(getComputedStyle(columns).columnGap);
    // Columns beyond the first page overflow. A page has far fewer than 20 columns; the rest is a rounding error.
    return Math.max(1, Math.ceil((columns.scrollWidth + gap) / pageWidth() - 0.05));
  }

  /** Finds the largest text size with which everything is on one page, or the smallest size. */
  function fit() {
    root.classList.toggle("paged", isLarge.matches);
    root.classList.remove("balanced");
    if (isLarge.matches) {
      setSize(0);
      let fitting = 0;
      let tooLarge = countPages() > 1 ? 1 : STEPS + 1;
      while (tooLarge - fitting > 1) {
        const step = (fitting + tooLarge) >> 1;
        setSize(step);
        if (countPages() > 1) tooLarge = step;
        else fitting = step;
      }
      setSize(fitting);
      pages = countPages();
      // Balanced columns look better, but may take more space.
      if (pages === 1) root.classList.add("balanced");
      if (countPages() > pages) root.classList.remove("balanced");
    } else {
      root.style.fontSize = "";
      pages = 1;
    }
    show(Math.min(page, pages - 1));
  }

  function show(next) {
    page = next;
    columns.style.translate = page ? `${-page * pageWidth()}px` : "";
    pager.hidden = pages === 1;
    const text = savt.format(pager.dataset.page, { page: page + 1, pages });
    if (indicator.textContent !== text) indicator.textContent = text;
    toggle.setAttribute("aria-pressed", turning);
    // Changes on the board do not restart the timer, or the pages of a busy board would never turn.
    const isTurning = turning && pages > 1 && !document.hidden;
    if (!isTurning) stopTimer();
    else timer ??= setTimeout(turn, TURN_MS, 1);
  }

  function stopTimer() {
    clearTimeout(timer);
    timer = undefined;
  }

  /** Goes to another page, from the last to the first, and shows it for the full time. */
  function turn(offset) {
    stopTimer();
    show((page + offset + pages) % pages);
  }

  pager.querySelector(".previous").addEventListener("click", () => turn(-1));
  pager.querySelector(".next").addEventListener("click", () => turn(1));
  toggle.addEventListener("click", () => {
    turning = !turning;
    show(page);
  });
  isStill.addEventListener("change", () => {
    turning = !isStill.matches;
    show(page);
  });
  document.addEventListener("visibilitychange", () => show(page));

  /** The keys that turn a page; presenters send the page keys. */
  const KEYS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
  document.addEventListener("keydown", (event) => {
    if (pages === 1 || !Object.hasOwn(KEYS, event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    turn(KEYS[event.key]);
  });

  // Fits once per frame, however many changes arrive.
  let frame = 0;
  const fitLater = () => {
    frame ||= requestAnimationFrame(() => { frame = 0; fit(); });
  };
  new MutationObserver(fitLater).observe(columns, { subtree: true, childList: true, characterData: true, attributeFilter: ["class"] });
  new ResizeObserver(fitLater).observe(columns.parentElement);
  isLarge.addEventListener("change", fitLater);
  fit();
})();
