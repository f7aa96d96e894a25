// The order of the cards. They are sorted when the user chooses an order or reapplies it, never because of others' changes, so no
// card moves away while the user reaches for it. The DOM itself is reordered, which keyboards and screen readers follow. The
// choice is stored for this tab.
(() => {
  "use strict";

  const select = document.getElementById("order");
  if (!select) return;
  const reapply = document.getElementById("reapply-order");
  const items = document.getElementById("items");

  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const numberOf = (card) => Number(/\d+$/.exec(card.id)[0]);
  const nameOf = (card) => card.querySelector(".name").textContent;
  /** The number of vetoed features. A card without features sorts after one whose features are all unvetoed. */
  const vetoCount = (card) => card.querySelectorAll(".vetoed").length || (card.querySelector(".feature") ? 0 : 0.5);

  const COMPARATORS = {
    added: () => 0,
    fewest: (a, b) => vetoCount(a) - vetoCount(b),
    name: (a, b) => collator.compare(nameOf(a), nameOf(b)),
  };

  const cards = () => [...items.children].filter((card) => card.id);
  const sortedCards = () => cards().sort((a, b) => COMPARATORS[select.value](a, b) || numberOf(a) - numberOf(b));

  function sort() {
    let next = items.firstElementChild;
    for (const card of sortedCards()) {
      if (card === next) next = next.nextElementSibling;
      else move(card, next);
    }
    // live.js reads this to place new cards. A list from the server does not have it.
    if (select.value === "added") delete items.dataset.order;
    else items.dataset.order = select.value;
    updateReapply();
  }

  /** Keeps the focus inside the card if the browser supports `moveBefore`. */
  function move(card, next) {
    if (items.moveBefore) items.moveBefore(card, next);
    else items.insertBefore(card, next);
  }

  /** Shows the reapply button while the cards are out of order. Otherwise it keeps its space, so that nothing moves. */
  function updateReapply() {
    reapply.hidden = select.value === "added";
    const current = cards();
    reapply.classList.toggle("idle", sortedCards().every((card, index) => card === current[index]));
  }

  select.addEventListener("change", () => {
    savt.writeStorage("sessionStorage", storageKey, select.value);
    sort();
  });
  reapply.addEventListener("click", () => {
    sort();
    select.focus();
  });

  let frame = 0;
  new MutationObserver(() => {
    if (select.value === "added") return;
    // A resync has replaced the list, in the server's order.
    if (!items.dataset.order) sort();
    else frame ||= requestAnimationFrame(() => { frame = 0; updateReapply(); });
  }).observe(items, { subtree: true, childList: true, characterData: true, attributeFilter: ["class", "data-order"] });

  const storageKey = `order ${new URL(document.getElementById("create-item").action).pathname}`;
  const stored = savt.readStorage("sessionStorage", storageKey);

  select.parentElement.hidden = false;
  if (Object.hasOwn(COMPARATORS, stored)) {
    select.value = stored;
    sort();
  }
})();
