// Whose telephone this is, asked of the server. What it says of a session that ended wipes what can be read here.
import { forget, renew } from "./sealing.js";
import * as store from "./store.js";

// A sign-in page of a hotel or a mast answers everything: only what carries our mark is the server's word.
export const ours = (answer, ...said) => said.includes(answer.headers.get("X-Yizhi-Outbox"));

// Somebody signed out where there was no line: what could be read is gone at once, the session when there is one. With
// the token of that session, so that it ends no other.
export async function leaving(form) {
  await forget();
  if (form) await store.put("meta", form, "leaving");
}

export async function leave() {
  const form = await store.get("meta", "leaving");
  if (!form) return;
  await fetch("/out", { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
  await store.drop("meta", "leaving");
}

// Null without a line, and for nobody.
export async function contact() {
  let answer;
  try {
    await leave();
    answer = await fetch("/field/outbox", { redirect: "error", cache: "no-store" });
  } catch {
    return null;
  }
  if (ours(answer, "nobody")) await forget();
  return ours(answer, "known") ? renew(await answer.json()) : null;
}
