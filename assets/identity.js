// Who this browser is: says when the browser keeps no cookies, without which SAVT recognizes nobody and refuses all forms; and
// closes the question for a name.
(() => {
  "use strict";

  /** Cookies may be off altogether (`cookieEnabled`), or for this site, or in this frame. */
  function keepsCookies() {
    const test = `savt-test-${Math.random().toString(36).slice(2)}`;
    try {
      document.cookie = `${test}=1; Path=/; SameSite=Lax`;
      const kept = document.cookie.includes(test);
      document.cookie = `${test}=; Path=/; SameSite=Lax; Max-Age=0`;
      return navigator.cookieEnabled && kept;
    } catch {
      return false;
    }
  }

  if (document.querySelector("form[method=post]") && !keepsCookies()) {
    document.getElementById("no-cookies").hidden = false;
  }

  // The question for a name, which the response to the first action brings

  const question = document.getElementById("ask-name");
  if (!question) return;

  function closeQuestion() {
    const hadFocus = question.contains(document.activeElement);
    question.replaceChildren();
    if (hadFocus) document.querySelector("#me > summary").focus({ preventScroll: true });
  }

  question.addEventListener("click", (event) => {
    if (!event.target.closest(".not-now")) return;
    event.preventDefault();
    closeQuestion();
  });

  // The name may also be chosen in the header, or in another tab, of which the stream tells.
  document.addEventListener("htmx:after:swap", () => {
    const asked = question.querySelector("[data-name]");
    const name = document.querySelector("#me-name bdi")?.textContent;
    if (asked && name !== asked.dataset.name) closeQuestion();
  });
})();
