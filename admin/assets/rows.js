// A list of rows always ends in an empty one: when it is typed into, another is added. A source that was cited before
// brings its other facts with its title.
export function growingRows(page) {
  for (const list of page.querySelectorAll("[data-rows]")) {
    list.addEventListener("input", (event) => {
      complete(list, event.target);
      const rows = list.querySelectorAll("[data-row]");
      const last = rows[rows.length - 1];
      if (last.contains(event.target) && event.target.value) last.after(emptied(last, rows.length));
    });
  }
}

function emptied(row, place) {
  const next = row.cloneNode(true);
  const renumbered = (text) => text.replace(/-\d+(?=-|$)/, `-${place}`);
  for (const label of next.querySelectorAll("label")) label.htmlFor = renumbered(label.htmlFor);
  for (const field of next.querySelectorAll("input, textarea")) {
    field.id = renumbered(field.id);
    field.name = renumbered(field.name);
    field.value = "";
  }
  return next;
}

function complete(list, field) {
  if (!field.list) return;
  const known = [...field.list.options].find((option) => option.value === field.value);
  if (!known) return;
  const facts = JSON.parse(known.dataset.facts);
  for (const part of field.closest("[data-row]").querySelectorAll("[data-part]")) {
    if (!part.value) part.value = facts[part.dataset.part] ?? "";
  }
}
