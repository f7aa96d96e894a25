// Sharing: copies a board's link, or hands it to the device. What the browser cannot do has no button: it can only where
// the page came by TLS, or from this machine.
(() => {
  "use strict";

  const can = { copy: navigator.clipboard, hand: navigator.share };
  document.documentElement.dataset.can = Object.keys(can).filter((way) => can[way]).join(" ");

  document.addEventListener("click", ({ target }) => {
    const button = target.closest(".ways > button");
    if (!button) return;
    const { link, title, copied, notCopied } = button.parentElement.dataset;
    const said = button.closest(".share").querySelector(".said");
    said.textContent = "";
    if (button.matches(".copy")) {
      navigator.clipboard.writeText(link).then(
        () => { said.textContent = copied; },
        () => { said.textContent = notCopied; });
    } else {
      // Who thinks better of it has done nothing wrong.
      navigator.share({ title, url: link }).catch(() => {});
    }
  });
})();
