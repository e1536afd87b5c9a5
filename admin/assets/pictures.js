// A dialog with data-puts-into="FIELD" puts a picture into that field's text, where the cursor stands: one that is there,
// or one that is uploaded from here. What is asked for in it is no part of the form around it.
import { putIn } from "./editing.js";

export function pictures(page) {
  for (const dialog of page.querySelectorAll("[data-puts-into]")) {
    dialog.querySelector("[data-puts-in]").addEventListener("click", () => put(dialog));
    // Nothing of it is typed into the form.
    for (const event of ["input", "change"]) dialog.addEventListener(event, (heard) => heard.stopPropagation());
    dialog.addEventListener("keydown", (pressed) => {
      if (pressed.key !== "Enter" || !pressed.target.matches("input")) return;
      pressed.preventDefault();
      put(dialog);
    });
  }
}

async function put(dialog) {
  // Pressed twice, it is put in once.
  if (dialog.dataset.busy) return;
  dialog.dataset.busy = "yes";
  const { id, wrong } = await chosen(dialog);
  delete dialog.dataset.busy;
  say(dialog, wrong ?? "");
  if (!id) return;
  dialog.hidePopover();
  empty(dialog);
  putIn(document.getElementById(dialog.dataset.putsInto), `![](/api/v1/images/${id})`);
}

async function chosen(dialog) {
  const picked = dialog.querySelector('[data-sent="picture"]').value;
  if (!dialog.querySelector('input[type="file"]').files.length) {
    return picked ? { id: picked } : { wrong: "Choose a picture, or upload one." };
  }
  const form = dialog.closest("form");
  const body = new FormData();
  for (const input of dialog.querySelectorAll("input[data-sent]")) add(body, input);
  body.set("csrf_token", form.elements.csrf_token.value);
  body.set("locale", form.elements.locale?.value ?? "");
  try {
    const answer = await fetch(dialog.dataset.to, { method: "POST", body });
    return answer.ok ? await answer.json() : { wrong: `It could not be uploaded (${answer.status}).` };
  } catch {
    return { wrong: "There is no connection. Nothing was uploaded." };
  }
}

function add(body, input) {
  if (input.type === "file") body.set(input.dataset.sent, input.files[0]);
  else if (input.type !== "checkbox" || input.checked) body.set(input.dataset.sent, input.value);
}

function empty(dialog) {
  for (const input of dialog.querySelectorAll("input[data-sent]")) {
    if (input.type === "checkbox") input.checked = false;
    else input.value = "";
  }
}

function say(dialog, words) {
  dialog.querySelector("[data-says]").textContent = words;
}
