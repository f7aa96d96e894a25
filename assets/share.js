// The share sheet: copies the board's link, or opens the device's share dialog. Both need a secure context (HTTPS or
// localhost); a button whose API is unavailable stays hidden. On the page to print: the button that prints.
(() => {
  "use strict";

  const supported = { copy: navigator.clipboard, share: navigator.share };
  document.documentElement.dataset.can = Object.keys(supported).filter((action) => supported[action]).join(" ");

  const printButton = document.getElementById("print");
  if (printButton) {
    printButton.hidden = false;
    printButton.addEventListener("click", () => print());
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest(".share-actions > button");
    if (!button) return;
    const { link, title, copied, notCopied } = button.parentElement.dataset;
    const status = button.closest(".share").querySelector(".share-status");
    status.textContent = "";
    if (button.matches(".copy")) {
      navigator.clipboard.writeText(link).then(
        () => { status.textContent = copied; },
        () => { status.textContent = notCopied; });
    } else {
      // Canceling the share dialog rejects the promise and is not an error.
      navigator.share({ title, url: link }).catch(() => {});
    }
  });
})();
