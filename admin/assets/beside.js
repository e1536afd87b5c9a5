// What stands beside a text follows what is typed; each check leads to its line in the editor, or to its field.
import { goTo } from "./editing.js";
import { post } from "./talking.js";

const QUIET_FOR = 600; // milliseconds without a key

export function besides(page) {
  for (const list of page.querySelectorAll("[data-checks]")) {
    list.addEventListener("click", lead);
    follow(list.closest("form"), list);
  }
}

function follow(form, list) {
  let timer;
  let asked = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++asked;
      const { said } = await post(form, "/admin/beside", new FormData(form));
      // An answer that a later one has overtaken is dropped.
      if (said && mine === asked) show(form, list, said);
    }, QUIET_FOR);
  });
}

function show(form, list, { measured, checks }) {
  if (list.innerHTML !== checks) list.innerHTML = checks;
  for (const [name, sentence] of Object.entries(measured)) {
    form.querySelector(`[data-measured="${name}"]`).textContent = sentence;
  }
}

function lead(event) {
  const link = event.target.closest("a");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  if (!goTo(field, Number(link.dataset.line ?? 1))) (field.matches("fieldset") ? field.querySelector("input") : field).focus();
}
