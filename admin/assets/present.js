// A form that is open says so every few seconds, and shows who else has the entry open and what was saved meanwhile.
import { post } from "./talking.js";

const EVERY = 5000; // milliseconds

export function presences(page) {
  for (const form of page.querySelectorAll("form[data-here]")) attend(form);
}

function attend(form) {
  const tab = [["tab", form.elements.tab.value]];
  const place = document.getElementById("others");
  async function beat() {
    const { said } = await post(form, form.dataset.here, tab);
    if (said) show(place, sentences(said, Number(form.elements.based_on.value)));
    setTimeout(beat, EVERY);
  }
  beat();
  window.addEventListener("pagehide", () => {
    const body = new FormData();
    body.set("tab", form.elements.tab.value);
    body.set("csrf_token", form.elements.csrf_token.value);
    navigator.sendBeacon(form.dataset.left, body);
  });
}

function sentences({ others, version, by }, basedOn) {
  const told = [];
  if (others.length) told.push(`${listed(others)} ${others.length > 1 ? "have" : "has"} this open too.`);
  if (version > basedOn) told.push(`${by ?? "You"} saved version ${version} ${by ? "meanwhile" : "in another tab"}; saving merges it with yours.`);
  return told.join(" ");
}

function listed(names) {
  return new Intl.ListFormat("en").format(names);
}

function show(place, sentence) {
  if (place.textContent !== sentence) place.textContent = sentence;
}
