// Trying a call: a form asks this server, and shows what came back and how long it took.
const LISTED = "/{key}"; // what follows a list's address where one of its entries is read

/** Let a call be tried; what it is about is taken from the list, once the call is opened. */
export function offer(form) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
  form.closest("details").addEventListener("toggle", () => begin(form), { once: true });
}

async function begin(form) {
  const [list, rest] = form.dataset.try.split(LISTED);
  if (rest === undefined || form.elements.key.value) return;
  const response = await fetch(`${list}?limit=1`);
  const [first] = response.ok ? (await response.json()).data : [];
  if (first && !form.elements.key.value) form.elements.key.value = first.id;
}

function question(form) {
  const query = new URLSearchParams();
  const headers = {};
  let path = form.dataset.try;
  for (const { name, value, dataset } of form.elements) {
    if (!name || value === "") continue;
    if (dataset.in === "address") path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (dataset.in === "header") headers[name] = value;
    else query.append(name, value);
  }
  return { address: query.size ? `${path}?${query}` : path, headers };
}

async function ask(form) {
  const { address, headers } = question(form);
  const begun = performance.now();
  try {
    const response = await fetch(address, { headers, cache: "no-store" });
    const body = await response.text();
    const took = Math.round(performance.now() - begun);
    const from = response.redirected ? `, from ${new URL(response.url).pathname}` : "";
    tell(form, `${response.status} ${response.statusText} in ${took} ms${from}`, response.headers, readable(body));
  } catch {
    tell(form, "The server does not answer.", [], "");
  }
  part(form, "curl").textContent = curl(address, headers);
  part(form, "answer").hidden = false;
}

function tell(form, status, headers, body) {
  part(form, "status").textContent = status;
  part(form, "headers").textContent = [...headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  part(form, "body").textContent = body;
}

function curl(address, headers) {
  const given = Object.entries(headers).map(([name, value]) => ` -H '${quoted(`${name}: ${value}`)}'`);
  return `curl -i${given.join("")} '${quoted(new URL(address, location.href).href)}'`;
}

function quoted(text) {
  return text.replaceAll("'", "'\\''");
}

function readable(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function part(form, name) {
  return form.querySelector(`[data-${name}]`);
}
