/** The server's interface: every request is a JSON text, every failure carries the server's own words. */

import { signal } from "@preact/signals";
import type { Fault } from "./types";

const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? sessionStorage.getItem("ioffe-studio/token");
if (token) sessionStorage.setItem("ioffe-studio/token", token);

window.addEventListener("hashchange", () => {
  if (/\btoken=/.test(location.hash)) location.reload();
});

/** False while the server cannot be reached; the page says so and goes on asking. */
export const reachable = signal(true);

export class Refusal extends Error {
  constructor(readonly status: number, text: string, readonly faults: Fault[]) {
    super(text);
  }
}

async function send(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  // A browser writes every status from 400 on to its console; refusals are answers, told by a header instead.
  const headers: Record<string, string> = { "Content-Type": "application/json", Refusals: "in-header" };
  if (token) headers.Authorization = `Bearer ${token}`;
  let answer: Response;
  try {
    answer = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (reason) {
    if (signal?.aborted) throw reason;
    reachable.value = false;
    throw new Error("The server did not answer.");
  }
  reachable.value = true;
  const status = Number(answer.headers.get("Refusal") ?? answer.status);
  if (status < 400) return answer;
  const said = (await answer.json().catch(() => ({}))) as { text?: string; faults?: Fault[] };
  throw new Refusal(status, said.text ?? `${status} ${answer.statusText}`, said.faults ?? []);
}

export const ask = async <T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> =>
  (await (await send(path, body, signal)).json()) as T;

export const erase = (path: string): Promise<Response> =>
  fetch(path, { method: "DELETE", headers: token ? { Authorization: `Bearer ${token}` } : {} });

export const events = (path: string): EventSource =>
  new EventSource(token ? `${path}?token=${encodeURIComponent(token)}` : path);

/** Hands a file to the person. */
export function keep(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Asks for a file and hands it over. */
export async function download(path: string, body: unknown, name: string): Promise<void> {
  keep(await (await send(path, body)).blob(), name);
}

/** A file of the person as base64. */
export async function encoded(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

export const decoded = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

export const words = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));
