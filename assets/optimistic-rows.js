// Optimistic rows and cards: a submitted feature or item appears at the end of its list at once, as a placeholder with its name
// and no controls. The response, or the stream if it is faster, replaces it; a failed request removes it. A placeholder
// has no id, so no fragment can address it.
(() => {
  "use strict";

  const { onRequest } = savt.htmx;

  /** Each form's placeholders in the order of its requests; null for a request that will not add a row. */
  const placeholders = new Map();

  document.addEventListener("submit", ({ target: form }) => {
    if (!form.matches(".create, .suggest")) return;
    const earlier = placeholders.get(form) ?? [];
    placeholders.set(form, [...earlier, form.matches(".create") ? addCard(form) : addRow(form)]);
  }, true);

  /** Adds a row, unless the server will add the amount to an existing feature of that name. */
  function addRow(form) {
    if (savt.findDuplicate(form, "li")) return null;
    const { name, amount } = form.elements;
    const body = createElement("div", "feature-body", createName(name));
    if (amount.value > 1) body.append(" ", createElement("span", "amount", `×${amount.value}`));
    return addPlaceholder(form.parentElement.querySelector(".features"), body);
  }

  /** Adds a card. The server chooses the name if the field is empty. */
  function addCard(form) {
    const { name, kind } = form.elements;
    const title = createElement("div", "title", createElement("h3", "", createName(name)));
    if (kind.value.trim()) title.append(" ", createElement("bdi", "kind", kind.value));
    return addPlaceholder(document.getElementById("items"), createElement("div", "head", title));
  }

  const createName = (field) => createElement("bdi", "name", field.value.trim() || "…");

  function createElement(tag, className, ...children) {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...children);
    return element;
  }

  function addPlaceholder(list, content) {
    const placeholder = createElement("li", "pending", content);
    placeholder.setAttribute("aria-hidden", "true");
    list.append(placeholder);
    listObserver.observe(list, { childList: true });
    return placeholder;
  }

  // The observer runs before the next paint, so no frame shows both the placeholder and the row that replaces it.
  const listObserver = new MutationObserver((records) => {
    const added = records.flatMap(({ addedNodes }) => [...addedNodes]).filter(({ id }) => id).map(normalizedName);
    for (const placeholder of [...placeholders.values()].flat()) {
      if (placeholder && added.includes(normalizedName(placeholder))) removePlaceholder(placeholder);
    }
  });

  const normalizedName = (element) => savt.normalizeName(element.querySelector(".name")?.textContent ?? "");

  /** Keeps the element if morphing has turned it into a real row. */
  function removePlaceholder(element) {
    if (element?.matches(".pending")) element.remove();
  }

  onRequest("before:swap", (ctx) => removePlaceholder(placeholders.get(ctx.sourceElement)?.[0]));
  onRequest("finally:request", ({ sourceElement: form }) => {
    const [answered, ...others] = placeholders.get(form) ?? [];
    removePlaceholder(answered);
    if (others.length) placeholders.set(form, others);
    else placeholders.delete(form);
    if (!placeholders.size) listObserver.disconnect();
  });
})();
