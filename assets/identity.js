// Who this browser is: says when the browser keeps no cookies, without which SAVT recognizes nobody and refuses all forms.
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
})();
