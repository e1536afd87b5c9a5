// Sends what a form's script has to say. A session that ran out is told apart from a lost connection; once the same
// person has signed in again, in whatever tab, the form takes their new token up and goes on. Nobody else's is taken.
export const SIGNED_OUT = 401;
export const NO_CONNECTION = 0;

const ANOTHERS = 409;

let out = false;
let instead = null;

export const signedOut = () => out;

// Returns the name of somebody else who has signed in since the form was opened, or null.
export const signedInInstead = () => instead;

// Returns {status, said}: `said` is what came back as JSON, or null.
export async function post(form, address, fields) {
  if (out && !(await renewed(form))) return { status: SIGNED_OUT, said: null };
  const answer = await attempt(form, address, fields);
  if (![400, SIGNED_OUT, ANOTHERS].includes(answer.status)) return answer;
  out = true;
  return (await renewed(form)) ? attempt(form, address, fields) : { status: SIGNED_OUT, said: null };
}

async function attempt(form, address, fields) {
  const body = new FormData();
  // Files travel with the form itself, once.
  for (const [name, value] of fields) if (typeof value === "string") body.append(name, value);
  body.set("csrf_token", form.elements.csrf_token.value);
  try {
    const answer = await fetch(address, { method: "POST", body });
    return { status: answer.status, said: answer.ok && answer.status !== 204 ? await answer.json() : null };
  } catch {
    return { status: NO_CONNECTION, said: null };
  }
}

async function renewed(form) {
  try {
    // Whoever is signed out is led to the sign-in, which is no answer.
    const answer = await fetch("/admin/autosaves/token", { redirect: "manual" });
    const { token, editor, name } = answer.ok ? await answer.json() : {};
    instead = token && editor !== form.dataset.editor ? name : null;
    if (!token || instead !== null) return false;
    form.elements.csrf_token.value = token;
    out = false;
    return true;
  } catch {
    return false;
  }
}
