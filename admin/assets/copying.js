// A button with data-copy="ID" copies the value of that field.
export function copyButtons(page) {
  for (const button of page.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const field = page.getElementById(button.dataset.copy);
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        button.textContent = "Copied";
      } catch {
        // Without https there is no clipboard; the text is selected, so that a key press copies it.
        button.textContent = "Press Ctrl+C";
      }
    });
  }
}
