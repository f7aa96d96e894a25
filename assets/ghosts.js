// What one adds shows at the end of its list at once, as a ghost: its name, and nothing to press. It goes when the answer, or the
// stream before it, brings what is really there, or when there is none. Without an id it is nobody's place.
(() => {
  "use strict";

  /** The ghosts of each form, in the order of what it sent, which is the order of the answers; none where no row will come. */
  const waiting = new Map();

  document.addEventListener("submit", ({ target: form }) => {
    if (!form.matches(".create, .suggest")) return;
    const ghosts = waiting.get(form) ?? [];
    waiting.set(form, [...ghosts, form.matches(".create") ? card(form) : row(form)]);
  }, true);

  /** A row, unless the amount will be added to one that is there. */
  function row(form) {
    if (namesake(form, "li")) return null;
    const { name, amount } = form.elements;
    const what = make("div", "what", named(name));
    if (amount.value > 1) what.append(" ", make("span", "amount", `×${amount.value}`));
    return appear(form.parentElement.querySelector(".features"), what);
  }

  /** A card. What it is called where nothing was typed is told by the answer. */
  function card(form) {
    const { name, kind } = form.elements;
    const title = make("div", "title", make("h3", "", named(name)));
    if (kind.value.trim()) title.append(" ", make("bdi", "kind", kind.value));
    return appear(document.getElementById("items"), make("div", "head", title));
  }

  const named = (field) => make("bdi", "name", field.value.trim() || "…");

  function make(kind, look, ...inside) {
    const element = document.createElement(kind);
    element.className = look;
    element.append(...inside);
    return element;
  }

  function appear(list, inside) {
    const ghost = make("li", "ghost", inside);
    ghost.setAttribute("aria-hidden", "true");
    list.append(ghost);
    arrivals.observe(list, { childList: true });
    return ghost;
  }

  // What is there is seen before it is drawn, so that no frame shows it twice.
  const arrivals = new MutationObserver((records) => {
    const came = records.flatMap(({ addedNodes }) => [...addedNodes]).filter(({ id }) => id).map(nameOf);
    for (const ghost of [...waiting.values()].flat()) {
      if (ghost && came.includes(nameOf(ghost))) vanish(ghost);
    }
  });

  const nameOf = (thing) => plain(thing.querySelector(".name")?.textContent ?? "");

  /** Morphing may have made something real of it meanwhile. */
  function vanish(ghost) {
    if (ghost?.matches(".ghost")) ghost.remove();
  }

  on("before:swap", (ctx) => vanish(waiting.get(ctx.sourceElement)?.[0]));
  on("finally:request", ({ sourceElement: form }) => {
    const [answered, ...others] = waiting.get(form) ?? [];
    vanish(answered);
    if (others.length) waiting.set(form, others);
    else waiting.delete(form);
    if (!waiting.size) arrivals.disconnect();
  });
})();
