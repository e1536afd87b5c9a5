// A batch goes on by itself while its page is open; each answer is the page as it stands by then.
const PROGRESS = "#progress";

export function goingOn(page) {
  const form = page.querySelector("form.going-on");
  if (form) goOn(form);
}

async function goOn(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    const shown = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(PROGRESS);
    if (shown) {
      document.querySelector(PROGRESS).replaceWith(shown);
      goingOn(document);
      return;
    }
  } catch {
    // The connection is gone; the button takes it up again.
  }
  button.disabled = false;
}
