// The forms for new items and features. A submitted form is empty at once and keeps the focus, so that the next entry can be typed
// before the response arrives. Its requests are queued: each is sent once, in order. What could not be added returns to the
// form if that is still empty; otherwise the form offers it, so that nothing is overwritten.
(() => {
  "use strict";

  const { onRequest, succeeded, isFragmentResponse } = savt.htmx;

  const items = document.getElementById("items");
  if (!items) return;

  /** The space between a new card and the edge of the window. */
  const MARGIN_PX = 16;

  const isEntryForm = (form) => form.matches(".create, .suggest");
  const fieldsOf = (form) => [...form.elements].filter(({ name, type }) => name && type !== "hidden");

  /** What each form has sent and not been answered yet, in order: `{ values, emptied, settled, failed }`. */
  const unanswered = new Map();

  /** The entry that is being submitted. */
  let submitted;

  /** What to put into the form after the submit: what was typed there when the user pressed "Try again". */
  let typedBeforeRetry;

  // The values of a form

  const valuesOf = (form) => fieldsOf(form).map(({ value }) => value);
  const isEmpty = (form) => fieldsOf(form).every(({ value, selectedIndex }) => !(selectedIndex ?? value));

  function setValues(form, values) {
    fieldsOf(form).forEach((field, index) => {
      if (values) field.value = values[index];
      else if (field.matches("select")) field.selectedIndex = 0;
      else field.value = "";
    });
    // Updates the hint about a duplicate.
    form.elements.name.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Submitting

  document.addEventListener("submit", ({ target: form }) => {
    if (!isEntryForm(form)) return;
    form.setAttribute("hx-sync", "queue all");
    submitted = { values: valuesOf(form) };
    unanswered.set(form, [...unanswered.get(form) ?? [], submitted]);
  }, true);

  // Runs after htmx has read the form; htmx listens at the form itself. The request may have failed already.
  document.addEventListener("submit", ({ target: form, defaultPrevented }) => {
    if (!isEntryForm(form) || !defaultPrevented) return;
    setValues(form, typedBeforeRetry);
    submitted.emptied = true;
    if (submitted.failed) giveBack(form, submitted.values);
    const focused = document.activeElement;
    if (focused === document.body || form.contains(focused)) form.elements.name.focus({ preventScroll: true });
    keepInView(form);
  });

  /** A new row above the form moves it down. */
  function keepInView(form) {
    if (form.matches(".suggest") && form.contains(document.activeElement)) form.scrollIntoView({ block: "nearest" });
  }

  // Responses

  onRequest("after:request", (ctx) => settle(ctx, succeeded(ctx) && isFragmentResponse(ctx)));
  onRequest("error", (ctx) => settle(ctx, false));
  onRequest("finally:request", (ctx) => {
    const { sourceElement: form } = ctx;
    settle(ctx, false);
    const [, ...others] = unanswered.get(form) ?? [];
    if (others.length) unanswered.set(form, others);
    else unanswered.delete(form);
  });

  /** Handles the outcome of a form's first unanswered request, once. */
  function settle({ sourceElement: form }, added) {
    const entry = unanswered.get(form)?.[0];
    if (!entry || entry.settled) return;
    entry.settled = true;
    entry.failed = !added;
    if (entry.failed && entry.emptied) giveBack(form, entry.values);
  }

  onRequest("after:swap", (ctx) => {
    const { sourceElement: form } = ctx;
    if (!isEntryForm(form) || !ctx.response || !succeeded(ctx)) return;
    keepInView(form);
    const id = /<li class="item" id="(item-\d+)"/.exec(ctx.text)?.[1];
    const card = id && document.getElementById(id);
    if (card && isEmpty(form) && unanswered.get(form)?.length === 1 && form.contains(document.activeElement)) showCard(card, form);
  });

  /** Scrolls to a new card, unless the form, in which the next entry is typed, would leave the window. */
  function showCard(card, form) {
    const distance = card.getBoundingClientRect().bottom + MARGIN_PX - (window.visualViewport?.height ?? innerHeight);
    if (distance > 0 && distance < form.getBoundingClientRect().top) scrollBy({ top: distance });
  }

  // What could not be added

  function giveBack(form, values) {
    const name = values[0].trim();
    if (!form.isConnected) {
      if (name) savt.showError(savt.format(items.dataset.notAdded, { name }));
    } else if (isEmpty(form)) {
      setValues(form, values);
    } else if (name) {
      offer(form, values, name);
    }
  }

  function offer(form, values, name) {
    const row = document.createElement("div");
    row.className = "not-added";
    row.setAttribute("role", "alert");
    const [before, after] = items.dataset.notAdded.split("{name}");
    const text = document.createElement("p");
    text.append(before, Object.assign(document.createElement("bdi"), { textContent: name }), after);
    const retry = createButton(items.dataset.retry, () => {
      row.remove();
      typedBeforeRetry = valuesOf(form);
      setValues(form, values);
      form.requestSubmit();
      typedBeforeRetry = undefined;
    });
    const discard = createButton(items.dataset.discard, () => {
      row.remove();
      form.elements.name.focus();
    });
    row.append(text, retry, discard);
    form.append(row);
  }

  function createButton(textContent, onClick) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent });
    button.addEventListener("click", onClick);
    return button;
  }
})();
