// Shows a hint under a suggestion form when the list already has a feature with the typed name; compares with the rows on the
// page only.
(() => {
  "use strict";

  const items = document.getElementById("items");

  /** A name without case, accents, invisible characters and extra white space, with one kind of apostrophe and one of dash. */
  const normalizeName = (name) =>
    name.normalize("NFD").replace(/[\u0300-\u036f]|\p{Default_Ignorable_Code_Point}/gu, "")
      .replace(/[\u2018\u2019\u02bc\uff07]/g, "'").replace(/[\p{Pd}\u2212]/gu, "-").trim().replace(/\s+/g, " ").toLowerCase();

  /** The name in the form's list that equals the typed name after normalization, among rows that match `selector`. */
  function findDuplicate(form, selector) {
    const typed = normalizeName(form.elements.name.value);
    const rows = form.parentElement.querySelectorAll(`.features > ${selector} .name`);
    return typed && [...rows].map(({ textContent }) => textContent).find((name) => normalizeName(name) === typed);
  }

  function updateHint(form) {
    const duplicate = findDuplicate(form, ".feature");
    const text = duplicate ? savt.format(items.dataset.duplicate, { name: duplicate }) : "";
    const hint = form.querySelector(".duplicate-hint") ?? (text && addHint(form));
    if (hint && hint.textContent !== text) hint.textContent = text;
  }

  function addHint(form) {
    const hint = document.createElement("p");
    hint.className = "hint duplicate-hint";
    hint.setAttribute("role", "status");
    form.append(hint);
    return hint;
  }

  document.addEventListener("input", ({ target }) => {
    if (target.matches(".suggest [name=name]")) updateHint(target.form);
  });
  // A response empties the field; the stream adds and removes rows.
  document.addEventListener("htmx:after:swap", () => {
    document.querySelectorAll(".suggest:has(.duplicate-hint)").forEach(updateHint);
  });

  Object.assign(savt, { normalizeName, findDuplicate });
})();
