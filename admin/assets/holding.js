// What was typed and the newsroom has not got yet, held by this browser: one record for each tab. It counts as held once it
// is on the disk, which "strict" asks for: what is in localStorage gets there up to a minute later.
const STORE = "held";
const STRICT = { durability: "strict" };

// Returns what holds the words of one tab: `keep(fields)` in place of those before, `drop()` none. `fails()` tells whether the
// last ones could not be held: there is no storage, or it is full.
export function holder(editor, about, tab) {
  let wanted;
  let writing = false;
  let held = true;

  // Whoever types faster than the disk writes has their last words written, not each key that led to them.
  async function write() {
    if (writing || wanted === undefined) return;
    writing = true;
    held = await put();
    writing = false;
    write();
  }

  function put() {
    const fields = wanted;
    wanted = undefined;
    if (fields === null) return release(tab);
    return changed((store) => store.put({ tab, editor, about, fields }));
  }

  function want(fields) {
    wanted = fields;
    write();
  }

  window.addEventListener("pagehide", () => wanted !== undefined && put());
  return { keep: (fields) => want(fields), drop: () => want(null), fails: () => !held };
}

// Returns the tabs of which this browser holds something that an editor typed about one thing.
export const tabsHeld = (editor, about) => asked((store) => store.index("about").getAllKeys([editor, about]), []);

// Returns the fields held of a tab, or null.
export const fieldsHeld = async (tab) => (await asked((store) => store.get(tab), null))?.fields ?? null;

export const release = (tab) => changed((store) => store.delete(tab));

let opening;

function opened() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("verso", 1);
    request.onupgradeneeded = () =>
      request.result.createObjectStore(STORE, { keyPath: "tab" }).createIndex("about", ["editor", "about"]);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

// Returns whether the change is on the disk.
async function changed(change) {
  try {
    const transaction = (await opened()).transaction(STORE, "readwrite", STRICT);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(true);
      transaction.onabort = () => reject(transaction.error);
    });
    change(transaction.objectStore(STORE));
    // A page that is left at once takes with it what waits for its answer, but not what was committed.
    transaction.commit();
    return await done;
  } catch {
    return false;
  }
}

async function asked(question, otherwise) {
  try {
    const request = question((await opened()).transaction(STORE).objectStore(STORE));
    return await new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } catch {
    return otherwise;
  }
}
