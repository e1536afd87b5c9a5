// A form with data-guard asks before the page is left with something typed and not sent.
export function guardUnsaved(page) {
  for (const form of page.querySelectorAll("form[data-guard]")) {
    let changed = form.dataset.guard === "changed";
    form.addEventListener("input", () => (changed = true));
    form.addEventListener("change", () => (changed = true));
    for (const settled of ["submit", "kept"]) form.addEventListener(settled, () => (changed = false));
    window.addEventListener("beforeunload", (event) => {
      if (changed) event.preventDefault();
    });
  }
}
