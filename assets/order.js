// In which order the cards stand, for those who want another one than that of adding. They are put in order when one chooses it
// or asks for it again, and never by what others do: no card goes away from under a finger. It is their true order, for keys and
// screen readers too, and kept for this tab.
(() => {
  "use strict";

  const choice = document.getElementById("order");
  if (!choice) return;
  const again = document.getElementById("order-again");
  const items = document.getElementById("items");

  const words = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const number = (card) => Number(/\d+$/.exec(card.id)[0]);
  const nameOf = (card) => card.querySelector(".name").textContent;
  /** How many are vetoed. A card with nothing on it is no better than one with which all are fine. */
  const vetoed = (card) => card.querySelectorAll(".vetoed").length || (card.querySelector(".feature") ? 0 : 0.5);

  const BY = {
    added: () => 0,
    fewest: (one, other) => vetoed(one) - vetoed(other),
    name: (one, other) => words.compare(nameOf(one), nameOf(other)),
  };

  const cards = () => [...items.children].filter((card) => card.id);
  const inOrder = () => cards().sort((one, other) => BY[choice.value](one, other) || number(one) - number(other));

  function arrange() {
    let next = items.firstElementChild;
    for (const card of inOrder()) {
      if (card === next) next = next.nextElementSibling;
      else move(card, next);
    }
    // Tells whoever puts new cards there; the list as it is loaded says nothing.
    if (choice.value === "added") delete items.dataset.order;
    else items.dataset.order = choice.value;
    look();
  }

  /** With what has the focus in it, where the browser can do that. */
  function move(card, next) {
    if (items.moveBefore) items.moveBefore(card, next);
    else items.insertBefore(card, next);
  }

  /** The way back to the order keeps its room while there is none to go back to, so that nothing moves when it comes. */
  function look() {
    again.hidden = choice.value === "added";
    const now = cards();
    again.classList.toggle("idle", inOrder().every((card, n) => card === now[n]));
  }

  choice.addEventListener("change", () => {
    remember(choice.value);
    arrange();
  });
  again.addEventListener("click", () => {
    arrange();
    choice.focus();
  });

  let waiting = 0;
  new MutationObserver(() => {
    if (choice.value === "added") return;
    // Loaded again, as the server tells it.
    if (!items.dataset.order) arrange();
    else waiting ||= requestAnimationFrame(() => { waiting = 0; look(); });
  }).observe(items, { subtree: true, childList: true, characterData: true, attributeFilter: ["class", "data-order"] });

  // A browser may forbid to keep anything; then the choice lasts as long as the page.

  const place = `order ${new URL(document.getElementById("create-item").action).pathname}`;

  function remember(value) {
    try { sessionStorage.setItem(place, value); } catch { /* forbidden */ }
  }

  function remembered() {
    try { return sessionStorage.getItem(place); } catch { return null; }
  }

  choice.parentElement.hidden = false;
  if (Object.hasOwn(BY, remembered())) {
    choice.value = remembered();
    arrange();
  }
})();
