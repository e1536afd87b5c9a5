// A <form data-autosave="ADDRESS"> sends what is typed there within a second after typing stops. What the server has not
// got yet stands in this browser, so that neither a lost connection nor a session that ran out loses a word.
import { NO_CONNECTION, SIGNED_OUT, post, signedOut } from "./talking.js";

const QUIET_FOR = 700; // milliseconds without a key
const AGAIN_AFTER = 5000; // milliseconds, where it could not be sent
const A_MOMENT = 60000; // milliseconds
const GONE = 410;

export function autosaves(page) {
  for (const form of page.querySelectorAll("form[data-autosave]")) {
    keep(form);
    adopt(form);
  }
}

function keep(form) {
  const copy = copyOf(form, form.elements.tab.value);
  let timer;
  let sending = null;
  let changed = false;

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
    const { status } = await post(form, form.dataset.autosave, fieldsOf(form));
    if (status !== 200) changed = true;
    if (status === 200 && !changed) copy.drop();
    if (status === GONE) return stop();
    tell(form, status);
    if (changed) later(status === 200 ? QUIET_FOR : AGAIN_AFTER);
    else form.dispatchEvent(new Event("kept"));
  }

  function stop() {
    copy.drop();
    say(form, "This text was erased, and is kept no more.");
  }

  function typed() {
    changed = true;
    copy.keep(fieldsOf(form));
    later(QUIET_FOR);
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

function fieldsOf(form) {
  return [...new FormData(form)].filter(([name]) => name !== "csrf_token");
}

function prefixOf(form) {
  return `verso ${form.dataset.editor} ${form.dataset.about} `;
}

// What one tab has typed, in this browser alone. Where there is no storage, or it is full, there is no copy.
function copyOf(form, tab) {
  const key = prefixOf(form) + tab;
  return {
    keep: (fields) => tried(() => localStorage.setItem(key, JSON.stringify(fields))),
    drop: () => tried(() => localStorage.removeItem(key)),
  };
}

function tried(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

// Hands the server what this browser kept of tabs that are gone, and shows it.
async function adopt(form) {
  forget(form.dataset.settled);
  if (form.dataset.guard === "changed") return;
  const prefix = prefixOf(form);
  const keys = keysThat((key) => key.startsWith(prefix));
  let adopted = false;
  for (const key of keys) {
    // Another tab of this browser may have been quicker.
    const fields = JSON.parse(localStorage.getItem(key));
    if (!fields) continue;
    const { status } = await post(form, `/admin/autosaves/${key.slice(prefix.length)}`, fields);
    if (status === 200 || status === GONE) localStorage.removeItem(key);
    adopted ||= status === 200;
  }
  if (adopted) showAnew();
}

// What was settled in a tab may have been about something else: a new entry, which has become this one.
function forget(tab) {
  if (tab) for (const key of keysThat((key) => key.endsWith(` ${tab}`))) localStorage.removeItem(key);
}

function keysThat(fit) {
  return tried(() => Object.keys(localStorage).filter(fit)) ?? [];
}

function showAnew() {
  const here = new URL(location);
  here.searchParams.delete("unsaved");
  location.replace(here);
}

let telling;

function tell(form, status) {
  clearTimeout(telling);
  if (status === 200) {
    say(form, "Autosaved a moment ago.");
    const at = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    telling = setTimeout(() => say(form, `Autosaved at ${at}.`), A_MOMENT);
  } else if (status === SIGNED_OUT) {
    say(form, "Not autosaved: you are signed out. This browser holds what you typed.", signIn());
  } else if (status === NO_CONNECTION) {
    say(form, "Not autosaved: there is no connection. This browser holds what you typed, and tries again.");
  } else {
    say(form, "Not autosaved: the newsroom did not take it. This browser holds what you typed.");
  }
}

function signIn() {
  const link = document.createElement("a");
  link.href = "/admin/login";
  link.target = "_blank";
  link.textContent = "Sign in in another tab, and go on here";
  return link;
}

function say(form, sentence, ...more) {
  const place = form.querySelector("#kept");
  if (place.textContent === sentence) return;
  place.replaceChildren(sentence, " ", ...more);
}
