// Several items at once: pasting several lines into the field for a new item, or the link beside it, opens a form that adds one
// item for each line.
(() => {
  "use strict";

  const { onRequest, succeeded } = savt.htmx;

  const create = document.getElementById("create-item");
  const template = document.getElementById("several-items");
  if (!template) return;

  const linesOf = (text) => text.split(/[\r\n]/).map((line) => line.trim()).filter(Boolean);

  create.elements.name.addEventListener("paste", (event) => {
    const lines = linesOf(event.clipboardData?.getData("text/plain") ?? "");
    if (lines.length < 2) return;
    event.preventDefault();
    openForm(lines).querySelector("button").focus();
  });

  create.querySelector(".add-several").addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openForm([]).elements.names.focus();
  });

  /** Opens the form, or adds the lines to the one that is open. */
  function openForm(lines) {
    const form = document.getElementById("create-items") ?? addForm();
    const { names } = form.elements;
    names.value = [...linesOf(names.value), ...lines].join("\n");
    updateButton(form);
    return form;
  }

  function addForm() {
    const form = template.content.firstElementChild.cloneNode(true);
    create.after(form);
    htmx.process(form);
    form.elements.kind.value = create.elements.kind.value;
    form.addEventListener("input", () => updateButton(form));
    form.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") closeForm(form);
    });
    form.querySelector(".cancel").addEventListener("click", () => closeForm(form));
    return form;
  }

  /** The button says how many items it adds. */
  function updateButton(form) {
    const count = linesOf(form.elements.names.value).length;
    const { all, several } = form.dataset;
    form.querySelector("button").textContent = count > 1 ? savt.format(several, { count }) : all;
  }

  function closeForm(form) {
    const hadFocus = form.contains(document.activeElement) || document.activeElement === document.body;
    form.remove();
    if (hadFocus) create.elements.name.focus();
  }

  onRequest("after:swap", (ctx) => {
    if (ctx.sourceElement.id === "create-items" && ctx.response && succeeded(ctx)) closeForm(ctx.sourceElement);
  });
})();
