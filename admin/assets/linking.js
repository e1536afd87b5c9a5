// A dialog with data-links-in="FIELD" puts a link to a text of ours into that field's text: by its id, so that the link
// survives whatever the text's address becomes. What is asked for in it is no part of the form around it.
import { linkTo } from "./editing.js";

export function linking(page) {
  for (const dialog of page.querySelectorAll("[data-links-in]")) {
    dialog.querySelector("[data-links]").addEventListener("click", () => put(dialog));
    // Nothing of it is typed into the form.
    for (const event of ["input", "change"]) dialog.addEventListener(event, (heard) => heard.stopPropagation());
  }
}

function put(dialog) {
  const chosen = [...dialog.querySelectorAll("select")].find((select) => select.value);
  dialog.querySelector("[data-says]").textContent = chosen ? "" : "Choose a text.";
  if (!chosen) return;
  const { value, tomselect, dataset } = chosen;
  const title = tomselect.options[value].text;
  for (const select of dialog.querySelectorAll("select")) select.tomselect.clear(true);
  dialog.hidePopover();
  linkTo(document.getElementById(dialog.dataset.linksIn), `${dataset.at}/${value}`, title);
}
