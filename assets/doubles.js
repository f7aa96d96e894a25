// Says while one types a suggestion that something of this name is here already, by the page's own rows.

/** A name without what one easily leaves out: capitals, accents, blanks. */
const plain = (name) => name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").trim().replace(/\s+/g, " ").toLowerCase();

/** The name in a form's list that is the typed one, or easily taken for it; by rows of this kind. */
function namesake(form, kind) {
  const typed = plain(form.elements.name.value);
  const names = [...form.parentElement.querySelectorAll(`.features > ${kind} .name`)].map(({ textContent }) => textContent);
  return typed && names.find((name) => plain(name) === typed);
}

(() => {
  "use strict";

  const items = document.getElementById("items");

  function hint(form) {
    const same = namesake(form, ".feature");
    const words = same ? worded(items.dataset.hereAlready, { name: same }) : "";
    const place = form.querySelector(".double") ?? (words && makePlace(form));
    if (place && place.textContent !== words) place.textContent = words;
  }

  function makePlace(form) {
    const place = document.createElement("p");
    place.className = "hint double";
    place.setAttribute("role", "status");
    form.append(place);
    return place;
  }

  document.addEventListener("input", ({ target }) => {
    if (target.matches(".suggest [name=name]")) hint(target.form);
  });
  // The field is emptied after it was sent; rows come and go.
  document.addEventListener("htmx:after:swap", () => document.querySelectorAll(".suggest:has(.double)").forEach(hint));
})();
