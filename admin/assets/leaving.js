// A form with data-guard asks before the page is left with something typed and not sent; Ctrl+S sends it, unless it is an act
// ("asks"), which nobody does by a slip: not by Enter in one of its fields either, which would press its first button.
export function guardUnsaved(page) {
  for (const form of page.querySelectorAll("form[data-guard]")) {
    let changed = form.dataset.guard === "changed";
    form.addEventListener("input", () => (changed = true));
    form.addEventListener("change", () => (changed = true));
    for (const settled of ["submit", "kept"]) form.addEventListener(settled, () => (changed = false));
    // Wherever the focus is, else the browser would offer to save the page.
    if (form.dataset.guard !== "asks") page.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      form.requestSubmit();
    });
    else form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
    });
    window.addEventListener("beforeunload", (event) => {
      if (changed) event.preventDefault();
    });
  }
}
