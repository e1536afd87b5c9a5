// The copy: all that is public, kept in IndexedDB by /sync. A refresh is written in one transaction, or not at all.
const STORES = ["entries", "notices", "state"];

/** Return what is kept: entries and notices by id, and the state {token, sequence, epoch, at} of the last refresh. */
export async function kept() {
  const transaction = (await open()).transaction(STORES);
  const [entries, notices, state] = await Promise.all([
    done(transaction.objectStore("entries").getAll()),
    done(transaction.objectStore("notices").getAll()),
    done(transaction.objectStore("state").get("copy")),
  ]);
  return { entries: byId(entries), notices: byId(notices), state };
}

/** Bring the copy up to date, or make it `anew`; raises what `fetch` raises while the server cannot be reached. */
export async function refresh(server, { anew = false } = {}) {
  const { state } = await kept();
  const head = await read(server, "/api/v1/sync/head");
  const at = new Date();
  if (!anew && state?.sequence === head.sequence && state.epoch === head.epoch) return write(server, state, { ...state, at });
  const since = state && !anew ? `&since=${encodeURIComponent(state.token)}` : "";
  try {
    const { changes, token, sequence } = await walk(server, `/api/v1/sync?limit=100${since}`);
    return write(server, state, { token, sequence, epoch: head.epoch, at }, { changes, anew: !since });
  } catch (error) {
    if (!since || error.status !== 410) throw error;
    // The server was restored from a backup: what this token stands for is no more. The old copy stays until a new one is whole.
    return refresh(server, { anew: true });
  }
}

async function walk(server, path) {
  const changes = [];
  for (;;) {
    const page = await read(server, path);
    changes.push(...page.data);
    if (page.token) return { changes, token: page.token, sequence: page.sequence };
    path = page.page.next;
  }
}

async function read(server, path) {
  const response = await fetch(server + path, { cache: "no-cache" });
  if (!response.ok) throw Object.assign(new Error(`${path}: ${response.status}`), { status: response.status });
  return { sequence: Number(response.headers.get("Verso-Sequence")), ...(await response.json()) };
}

async function write(server, over, state, { changes = [], anew = false } = {}) {
  const before = await kept();
  const transaction = (await open()).transaction(STORES, "readwrite");
  const [entries, notices, states] = STORES.map((name) => transaction.objectStore(name));
  // Another tab may have refreshed it meanwhile: what that took down must not come back with an answer that is older.
  if ((await done(states.get("copy")))?.token !== over?.token) return refresh(server);
  if (anew) [entries, notices].forEach((store) => store.clear());
  for (const { id, document, notice = document?.notice } of changes) {
    notices.delete(id);
    // What was retracted or erased while the pages were walked comes as a stub, which is no text: see docs/api.md.
    if (document && !notice) entries.put(document);
    else entries.delete(id);
    // What a reader may have read before: its name and address, with why it is no more; of what is erased, nothing.
    const { title = "", question = title } = before.entries.get(id) ?? before.notices.get(id) ?? {};
    if (notice && question && notice.reason !== "erased") notices.put({ id, title: question, notice });
  }
  states.put(state, "copy");
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

let opened;

function open() {
  if (opened) return opened;
  const request = indexedDB.open("verso", 1);
  request.onupgradeneeded = () => {
    for (const name of ["entries", "notices"]) request.result.createObjectStore(name, { keyPath: "id" });
    request.result.createObjectStore("state");
  };
  return (opened = done(request));
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function byId(list) {
  return new Map(list.map((one) => [one.id, one]));
}
