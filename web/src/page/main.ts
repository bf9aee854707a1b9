// Small help for pages that work without it: buttons that copy a text and forms that are sent once.

function copyOnClick(button: HTMLButtonElement): void {
  const text = button.dataset.copy;
  if (!text || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(text).then(
      () => button.setAttribute("data-copied", ""),
      () => button.setAttribute("data-copy-failed", ""),
    );
  });
}

function printOnClick(button: HTMLButtonElement): void {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

function sendOnce(form: HTMLFormElement): void {
  form.addEventListener("submit", () => {
    const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
    // After the event, so that the button's own value is still sent.
    if (button) setTimeout(() => button.setAttribute("disabled", ""), 0);
  });
}

// A page that comes back from the browser's memory must be usable again.
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form button[type=submit][disabled]")) {
    button.removeAttribute("disabled");
  }
});

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
  copyOnClick(button);
}
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
  printOnClick(button);
}
for (const form of document.querySelectorAll<HTMLFormElement>("form[method=post]")) sendOnce(form);
