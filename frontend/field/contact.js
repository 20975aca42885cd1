// Whose telephone this is, asked of the server. What it says of a session that ended wipes what can be read here.
import { forget, renew } from "./sealing.js";

// A sign-in page of a hotel or a mast answers everything: only what carries our mark is the server's word.
export const ours = (answer, ...said) => said.includes(answer.headers.get("X-Yizhi-Outbox"));

// Null without a line, and for nobody.
export async function contact() {
  let answer;
  try {
    answer = await fetch("/field/outbox", { redirect: "error", cache: "no-store" });
  } catch {
    return null;
  }
  if (ours(answer, "nobody")) await forget();
  return ours(answer, "known") ? renew(await answer.json()) : null;
}
