// What the telephone keeps, in IndexedDB: "pages" (to be read, sealed with a key that lies here and cannot be taken
// out), "items" (to be sent, sealed to the server), "meta" (that key, and whose telephone it is).

const NAME = "yizhi-field";
let opening = null;

function open() {
  opening ??= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("meta");
      asked.result.createObjectStore("pages", { keyPath: "path" });
      asked.result.createObjectStore("items", { keyPath: "id" });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = asked.result.onclose = () => (opening = null);
      done(asked.result);
    };
    asked.onerror = () => failed(asked.error);
  }).catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}

// One step in one store; done when it is safe on the disk, which is when a full one says so.
async function step(store, mode, act) {
  const base = await open();
  return new Promise((done, failed) => {
    const transaction = base.transaction(store, mode);
    const asked = act(transaction.objectStore(store));
    transaction.oncomplete = () => done(asked.result);
    transaction.onabort = transaction.onerror = () => failed(transaction.error ?? asked.error);
  });
}

export const get = (store, key) => step(store, "readonly", (all) => all.get(key));
export const every = (store) => step(store, "readonly", (all) => all.getAll());
export const names = (store) => step(store, "readonly", (all) => all.getAllKeys());
export const put = (store, value, key) => step(store, "readwrite", (all) => (key === undefined ? all.put(value) : all.put(value, key)));
export const drop = (store, key) => step(store, "readwrite", (all) => all.delete(key));
export const clear = (store) => step(store, "readwrite", (all) => all.clear());
