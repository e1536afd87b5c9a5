// Finding a call by its words.
function show(words) {
  for (const call of document.querySelectorAll("[data-call]")) {
    call.hidden = !words.every((word) => call.dataset.call.includes(word));
  }
  for (const group of document.querySelectorAll("[data-group]")) {
    group.hidden = !group.querySelector("[data-call]:not([hidden])");
  }
}

export function find(field) {
  if (!field) return;
  field.closest("[data-find-box]").hidden = false;
  field.addEventListener("input", () => show(field.value.toLowerCase().split(/\s+/).filter(Boolean)));
}
