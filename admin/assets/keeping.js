// A <form data-autosave="ADDRESS"> sends what is typed there within a second after typing stops, and while it goes on every
// second or two. What the server has not got yet is held by this browser, so that neither a lost connection nor a session
// that ran out loses a word, though the browser be killed.
import { fieldsHeld, holder, release, tabsHeld } from "./holding.js";
import { NO_CONNECTION, SIGNED_OUT, post, signedInInstead, signedOut } from "./talking.js";

const QUIET_FOR = 700; // milliseconds without a key
const AT_MOST = 1500; // milliseconds that typed words wait, however the typing goes on
const AGAIN_AFTER = 5000; // milliseconds, where it could not be sent
const A_MOMENT = 60000; // milliseconds
const GONE = 410;
const HOLDS = "This browser holds what you typed";
const CANNOT_HOLD = "This browser cannot hold what you typed: leave this page open, or copy it";

export function autosaves(page) {
  for (const form of page.querySelectorAll("form[data-autosave]")) {
    keep(form);
    adopt(form);
  }
}

function keep(form) {
  const copy = holder(form.dataset.editor, form.dataset.about, form.elements.tab.value);
  let timer;
  let sending = null;
  let changed = false;
  let waitsSince = null;

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  function send() {
    clearTimeout(timer);
    sending ??= sendNow().finally(() => (sending = null));
    return sending;
  }

  async function sendNow() {
    changed = false;
    waitsSince = null;
    const { status } = await post(form, form.dataset.autosave, fieldsOf(form));
    if (status !== 200) changed = true;
    if (status === 200 && !changed) copy.drop();
    if (status === 200) askedForNothingElse();
    if (status === GONE) return stop();
    tell(form, status, copy.fails() ? CANNOT_HOLD : HOLDS);
    if (changed) later(status === 200 ? QUIET_FOR : AGAIN_AFTER);
    else form.dispatchEvent(new Event("kept"));
  }

  function stop() {
    copy.drop();
    say(form, "This text was erased, and is kept no more.");
  }

  function typed() {
    changed = true;
    // Words that are typed later are later, also where this machine's clock was set back in between.
    form.elements.typed_at.value = Math.max(Date.now(), Number(form.elements.typed_at.value) + 1);
    copy.keep(fieldsOf(form));
    waitsSince ??= Date.now();
    later(Math.min(QUIET_FOR, waitsSince + AT_MOST - Date.now()));
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  // Not before it is answered: what came after the save would be kept as if it were new.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (!sending && !signedOut()) return;
    event.preventDefault();
    await send();
    clearTimeout(timer);
    if (!signedOut()) form.requestSubmit(event.submitter);
  });
  if (form.dataset.guard === "changed") typed();
  for (const moment of ["online", "focus"]) window.addEventListener(moment, () => changed && later(0));
}

// What is kept of this page is what its address shows from now on, whatever that asked for at first.
function askedForNothingElse() {
  const here = new URL(location);
  if (!here.searchParams.has("unsaved")) return;
  here.searchParams.delete("unsaved");
  history.replaceState(history.state, "", here);
}

function fieldsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
}

// Hands the server what this browser kept of tabs that are gone, and shows it.
async function adopt(form) {
  // What was settled in a tab may have been about something else: a new entry, which has become this one.
  if (form.dataset.settled) await release(form.dataset.settled);
  if (form.dataset.guard === "changed") return;
  const typedAt = form.elements.typed_at.value;
  let adopted = false;
  for (const tab of await tabsHeld(form.dataset.editor, form.dataset.about)) {
    if (tab === form.elements.tab.value) continue;
    // Another tab of this browser may have been quicker.
    const fields = await fieldsHeld(tab);
    if (!fields) continue;
    const { status } = await post(form, `/admin/autosaves/${tab}`, fields);
    if (status === 200 || status === GONE) await release(tab);
    else if (status !== SIGNED_OUT && status !== NO_CONNECTION) offer(form, tab, fields);
    adopted ||= status === 200;
  }
  if (!adopted) return;
  // Whoever types here already is not interrupted; the newsroom offers those words from now on.
  if (form.elements.typed_at.value === typedAt) showAnew();
  else announce(form);
}

function announce(form) {
  const told = document.createElement("p");
  told.className = "told told-waits";
  told.setAttribute("role", "status");
  told.textContent = "Words that you left in another tab are kept. They are offered when you open this page anew, and on the desk.";
  form.before(told);
}

// Shows words that the newsroom does not take and this browser alone has, to be copied from.
function offer(form, tab, fields) {
  const place = document.createElement("section");
  place.className = "told told-waits unsaved stack";
  place.setAttribute("aria-label", "Held by this browser");
  const told = document.createElement("p");
  told.textContent = "This browser holds words of yours that the newsroom did not take. Copy from here what you need.";
  const forget = document.createElement("button");
  forget.type = "button";
  forget.className = "button button-quiet";
  forget.textContent = "Forget them";
  forget.addEventListener("click", () => {
    release(tab);
    place.remove();
  });
  const typed = fields.filter(([name, value]) => value.trim() && form.elements[name]?.type !== "hidden");
  place.append(told, ...typed.map(([name, value]) => held(name, value)), forget);
  form.before(place);
}

function held(name, value) {
  const label = document.createElement("label");
  label.className = "field";
  const words = document.createElement("textarea");
  words.readOnly = true;
  words.value = value;
  label.append(document.querySelector(`label[for="${CSS.escape(name)}"]`)?.textContent ?? name, words);
  return label;
}

function showAnew() {
  const here = new URL(location);
  here.searchParams.delete("unsaved");
  location.replace(here);
}

let telling;

function tell(form, status, here) {
  clearTimeout(telling);
  if (status === 200) {
    say(form, "Autosaved a moment ago.");
    const at = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    telling = setTimeout(() => say(form, `Autosaved at ${at}.`), A_MOMENT);
  } else if (status === SIGNED_OUT && signedInInstead() !== null) {
    const who = `${signedInInstead()} is signed in by now, and you opened this as somebody else`;
    say(form, `Not autosaved: ${who}. ${here}.`, inAnotherTab("/admin/", "Sign out in another tab, then sign in as yourself"));
  } else if (status === SIGNED_OUT) {
    say(form, `Not autosaved: you are signed out. ${here}.`, inAnotherTab("/admin/login", "Sign in in another tab, and go on here"));
  } else if (status === NO_CONNECTION) {
    say(form, `Not autosaved: there is no connection. ${here}. It tries again.`);
  } else {
    say(form, `Not autosaved: the newsroom did not take it. ${here}.`);
  }
}

function inAnotherTab(address, words) {
  const link = document.createElement("a");
  link.href = address;
  link.target = "_blank";
  link.textContent = words;
  return link;
}

function say(form, sentence, ...more) {
  const place = form.querySelector("#kept");
  if (place.textContent === sentence) return;
  place.replaceChildren(sentence, " ", ...more);
}
