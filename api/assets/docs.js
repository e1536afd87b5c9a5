// Finding a call by its words. Without scripts the page shows every call, and no field.
const field = document.querySelector("[data-find]");

function show(words) {
  for (const call of document.querySelectorAll("[data-call]")) {
    call.hidden = !words.every((word) => call.dataset.call.includes(word));
  }
  for (const group of document.querySelectorAll("[data-group]")) {
    group.hidden = !group.querySelector("[data-call]:not([hidden])");
  }
}

if (field) {
  field.closest("[data-find-box]").hidden = false;
  field.addEventListener("input", () => show(field.value.toLowerCase().split(/\s+/).filter(Boolean)));
}
