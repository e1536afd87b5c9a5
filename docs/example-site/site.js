// The site: shows the copy, whatever its age, and brings it up to date each minute while the server answers.
import { kept, refresh } from "./copy.js";
import { article, list } from "./pages.js";

const SERVER = document.querySelector("meta[name=verso]").content;
const words = document.querySelector("#words");
let copy = await kept();
let reached = true;
let running = Promise.resolve();

function show() {
  const id = location.hash.slice(1);
  const made = id ? article(copy, id) : list(copy, words.value.trim());
  if (copy.state) document.querySelector("#shown").replaceChildren(...made);
  document.title = document.querySelector("h1")?.textContent ?? "Health texts";
  tellAge();
}

function tellAge() {
  const at = copy.state?.at;
  const minutes = at ? Math.floor((Date.now() - at) / 60_000) : 0;
  const told = at ? `These texts are as they were ${minutes} min ago, at ${at.toLocaleTimeString()}.` : "";
  document.querySelector("#age").textContent = told + (reached ? "" : " The server cannot be reached now.");
}

// One after the other: two at once could write an older token over a newer one.
function update() {
  return (running = running.then(updateOnce));
}

async function updateOnce() {
  try {
    const changed = await refresh(SERVER);
    copy = await kept();
    reached = true;
    if (changed) show();
  } catch {
    reached = false;
  }
  tellAge();
}

addEventListener("hashchange", () => (show(), document.querySelector("#shown").focus()));
addEventListener("online", update);
words.addEventListener("input", () => (location.hash ? (location.hash = "") : show()));
setInterval(update, 60_000);
navigator.serviceWorker?.register("worker.js");
show();
await update();
