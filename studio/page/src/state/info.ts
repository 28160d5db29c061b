/** What the server says of itself: pages, examples, engine. */

import { signal } from "@preact/signals";
import { ask, Refusal } from "../api";
import type { Files, Info, Table } from "../types";

export const info = signal<Info | null>(null);
/** Why the server tells nothing of itself: the token of its address is missing. */
export const denied = signal<string | null>(null);

export interface Example {
  text: string;
  document: Table;
  files: Files;
}

export const example = (id: string): Promise<Example> => ask<Example>(`/api/examples/${encodeURIComponent(id)}`);

/** Asks until the server answers: a page that begins while it starts or is busy waits for it. */
export async function learn(): Promise<Info> {
  info.value = await untilAnswered(() => ask<Info>("/api/info"));
  return info.value;
}

export async function untilAnswered<A>(question: () => Promise<A>): Promise<A> {
  for (;;) {
    try {
      return await question();
    } catch (reason) {
      denied.value = reason instanceof Refusal ? reason.message : null;
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
}
