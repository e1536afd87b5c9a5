// The site: shows the copy, whatever its age, and brings it up to date each minute while the server answers.
import { kept, refresh } from "./copy.js";
import { article, list } from "./pages.js";

const SERVER = document.querySelector("meta[name=verso]").content;
const words = document.querySelector("#words");
let copy = await kept();
let shown;
let reached = true;

function show() {
  const id = location.hash.slice(1);
  const made = id ? article(copy, id) : list(copy, words.value.trim());
  const html = copy.state && made.map((one) => one.outerHTML).join("");
  // What is as it was stays in place: where its reader is, and what they opened.
  if (html !== shown) document.querySelector("#shown").replaceChildren(...made);
  shown = html;
  document.title = document.querySelector("h1")?.textContent ?? "Health texts";
  tellAge();
}

function tellAge() {
  const at = copy.state?.at;
  const minutes = at ? Math.floor((Date.now() - at) / 60_000) : 0;
  const told = at ? `These texts are as they were ${minutes} min ago, at ${at.toLocaleTimeString()}.` : "";
  document.querySelector("#age").textContent = told + (reached ? "" : " The server cannot be reached now.");
}

async function update() {
  try {
    await refresh(SERVER);
    reached = true;
  } catch {
    reached = false;
  }
  // All tabs share it: another may have taken down what this one shows.
  copy = await kept();
  show();
}

addEventListener("hashchange", () => (show(), document.querySelector("#shown").focus()));
addEventListener("online", update);
words.addEventListener("input", () => (location.hash ? (location.hash = "") : show()));
setInterval(update, 60_000);
navigator.serviceWorker?.register("worker.js");
show();
await update();
