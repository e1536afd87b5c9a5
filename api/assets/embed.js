// Puts texts into other people's pages: for each `data-verso-embed`, the fragment that is at that address.
// It keeps a copy in the page's own origin, and shows none that is older than the fragment allows.
// What comes is taken for data: elements and attributes are made anew from short lists, and nothing else.
import css from "../static/built/embed.css";

const STORE = "verso:";
const EVERY = 300_000; // milliseconds between two looks
const PATIENCE = 30_000; // milliseconds that an answer may take; one that never comes would hold up all looks after it
const TAGS =
  "a article aside blockquote br code details div em h1 h2 h3 h4 h5 h6 hr img li ol p pre s section span strong" +
  " summary table tbody td th thead time tr ul";
const ATTRIBUTES = "alt class datetime dir href id lang rel role src start title";
const tags = new Set(TAGS.split(" "));
const attributes = new Set(ATTRIBUTES.split(" "));
const busy = new WeakSet();
const again = new WeakSet();
const shown = new WeakMap();
const copies = new Map();

let trusted = (html) => html;
try {
  const policy = trustedTypes.createPolicy("verso", { createHTML: trusted });
  trusted = (html) => policy.createHTML(html);
} catch {
  // A browser without trusted types, or a page that names no policy of ours and does not ask for one.
}

function root(html) {
  return new DOMParser().parseFromString(trusted(html), "text/html").querySelector(".verso[data-verso-stale]");
}

function isFit(name, value, base) {
  if (name === "class") return value.split(" ").every((one) => /^(verso|language-)/.test(one));
  if (name === "id") return value.startsWith("verso-");
  if (name === "src") return URL.canParse(value, base) && new URL(value, base).origin === new URL(base).origin;
  return name !== "href" || /^(https?:|mailto:|tel:|#verso-)/i.test(value);
}

function rebuilt(node, base) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  if (!tags.has(node.localName)) return "";
  const made = document.createElement(node.localName);
  for (const { name, value } of node.attributes) {
    if (/^data-verso-[a-z-]+$/.test(name) && name !== "data-verso-embed") made.setAttribute(name, value);
    else if (attributes.has(name) && isFit(name, value, base)) made.setAttribute(name, value);
  }
  made.append(...[...node.childNodes].map((child) => rebuilt(child, base)));
  return made;
}

function recall(address) {
  if (copies.has(address)) return copies.get(address);
  try {
    return JSON.parse(localStorage.getItem(STORE + address));
  } catch {
    return null;
  }
}

function keep(address, copy) {
  const set = () => localStorage.setItem(STORE + address, JSON.stringify(copy));
  try {
    set();
  } catch {
    try {
      // It is full: the copies of other pages make room.
      Object.keys(localStorage)
        .filter((name) => name.startsWith(STORE))
        .forEach((name) => localStorage.removeItem(name));
      set();
    } catch {
      // This origin keeps nothing: there is a copy only while the page stands.
    }
  }
}

function tooOld(from, copy) {
  const age = Date.now() - copy.at;
  // A clock that was set back says nothing of how old a copy is.
  return age < -60_000 || !(age <= from.dataset.versoRefreshWithin * 1000);
}

function notice(from) {
  const live = from.querySelector("[data-verso-status]");
  const told = document.createElement("section");
  told.className = "verso-stale";
  told.lang = live.lang;
  told.dir = live.dir;
  told.append(document.createElement("p"));
  told.firstChild.textContent = from.dataset.versoStale;
  const facts = document.createElement("ul");
  facts.className = "verso-facts";
  facts.append(live.querySelector(".verso-source"));
  told.append(facts);
  from.replaceChildren(told);
}

function show(place, copy) {
  const made = copy && root(copy.html);
  if (!made) return;
  const isLive = made.querySelector('[data-verso-status="live"]');
  // That a text was withdrawn does not grow old.
  const stale = isLive && tooOld(made, copy);
  const before = shown.get(place);
  const now = { html: copy.html, stale, isLive: isLive && !stale };
  if (before && before.html === now.html && before.stale === stale) return;
  if (stale) notice(made);
  const built = rebuilt(made, new URL(place.dataset.versoEmbed, document.baseURI).href);
  for (const one of place.querySelectorAll("details[open]")) {
    built.querySelector(`details[data-verso-id="${one.dataset.versoId}"]`)?.setAttribute("open", "");
  }
  // Whoever is reading the text is told at once that it does not hold any more.
  if (before?.isLive && !now.isLive) built.setAttribute("role", "alert");
  shown.set(place, now);
  place.replaceChildren(built);
}

async function look(place) {
  if (busy.has(place)) {
    // The answer that is on its way may be older than what somebody looks for now.
    again.add(place);
    // What is kept may have become too old meanwhile.
    show(place, recall(place.dataset.versoEmbed));
    return;
  }
  busy.add(place);
  const address = place.dataset.versoEmbed;
  show(place, recall(address));
  try {
    // The browser asks by the ETag of what it has.
    const asked = { cache: "no-cache", credentials: "omit", headers: { Accept: "text/html" } };
    const answer = await fetch(address, { ...asked, signal: AbortSignal.timeout?.(PATIENCE) });
    const html = [200, 404, 410].includes(answer.status) ? await answer.text() : "";
    // Not everything that answers is Verso.
    if (root(html)) {
      copies.set(address, { html, at: Date.now() });
      keep(address, copies.get(address));
    }
  } catch {
    // Nobody answers: what is kept stands, until it is too old.
  }
  show(place, recall(address));
  busy.delete(place);
  if (again.delete(place)) look(place);
}

function lookAtAll() {
  document.querySelectorAll("[data-verso-embed]").forEach(look);
}

function begin() {
  try {
    // Not a style element, which a strict content policy would refuse.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  } catch {
    // An old browser shows it in the page's own look.
  }
  lookAtAll();
  setInterval(lookAtAll, EVERY);
  // `verso` is for pages that put in a place later.
  for (const name of ["online", "verso"]) addEventListener(name, lookAtAll);
  document.addEventListener("visibilitychange", () => document.hidden || lookAtAll());
}

if (!globalThis.versoEmbeds) {
  globalThis.versoEmbeds = true;
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
}
