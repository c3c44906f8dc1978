// A button with data-copy copies the text of the element with that id. It is shown where the browser lets a page copy.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  const status = button.nextElementSibling;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      status.textContent = status.dataset.copied;
    } catch {
      button.hidden = true; // the person forbade it: the text can still be selected
    }
  });
}
