// Two seals. Pages: AES-GCM with a key of this telephone that nobody can read out. What is to be sent: to the server's
// own key (P-256, HKDF, AES-GCM; src/yizhi/core/sealing.py opens it), so that it outlives this telephone's key and can
// be read here by nobody.
import * as store from "./store.js";

const text = new TextEncoder();
const words = new TextDecoder();
const HOUR = 3_600_000;

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(new Uint8Array(part.buffer ?? part, part.byteOffset ?? 0, part.byteLength), at);
    at += part.byteLength;
  }
  return whole;
}

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));

export async function letterTo(hex, content, label) {
  const receiver = bytes(hex);
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", receiver, curve, false, []);
  const once = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", once.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, once.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: joined(point, receiver), info: text.encode("yizhi outbox") };
  const key = await crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = text.encode(label);
  return joined(point, iv, await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, content));
}

// ---- this telephone's own key: whose it is, and until when

// Takes the clock of the telephone: put back by hand it shows longer what its owner has seen anyway.
export async function known() {
  const found = await store.get("meta", "key");
  if (found && Date.now() > found.until) {
    await forget();
    return null;
  }
  return found ?? null;
}

// In touch with the server: the hours begin anew. Another account gets a key of its own, and nothing of the one before.
export async function renew({ owner, seal, hours }) {
  let found = await known();
  if (found && found.owner !== owner) {
    await forget();
    found = null;
  }
  const key = found?.key ?? (await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]));
  const made = { owner, seal, key, until: Date.now() + hours * HOUR };
  await store.put("meta", made, "key");
  return made;
}

// What could be read here is gone for good. What is to be sent stays: only the server reads it.
export async function forget() {
  await store.drop("meta", "key");
  await store.clear("pages");
}

export async function shut({ key }, content, label) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: text.encode(label) }, key, content);
  return { iv, data };
}

// Null when it was shut with another key.
export async function unshut({ key }, { iv, data }, label) {
  try {
    return await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: text.encode(label) }, key, data);
  } catch {
    return null;
  }
}

export const shutWords = (mine, value, label) => shut(mine, text.encode(JSON.stringify(value)), label);

export async function unshutWords(mine, sealed, label) {
  const content = mine && sealed ? await unshut(mine, sealed, label) : null;
  return content && JSON.parse(words.decode(content));
}
