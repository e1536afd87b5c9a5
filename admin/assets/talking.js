// Sends what a form's script has to say. A session that ran out is told apart from a lost connection; once the same
// person has signed in again, in whatever tab, the form takes their new token up and goes on.
export const SIGNED_OUT = 401;
export const NO_CONNECTION = 0;

let out = false;

export const signedOut = () => out;

// Returns {status, said}: `said` is what came back as JSON, or null.
export async function post(form, address, fields) {
  if (out && !(await renewed(form))) return { status: SIGNED_OUT, said: null };
  const answer = await attempt(form, address, fields);
  if (answer.status !== 400 && answer.status !== SIGNED_OUT) return answer;
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
    const { token, editor } = answer.ok ? await answer.json() : {};
    if (!token || editor !== form.dataset.editor) return false;
    form.elements.csrf_token.value = token;
    out = false;
    return true;
  } catch {
    return false;
  }
}
