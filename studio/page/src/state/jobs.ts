/** Questions put to the tools of the other pages, and long work that runs as a job with progress. */

import { signal } from "@preact/signals";
import { ask, erase, events, reachable, Refusal, words } from "../api";
import type { Fault, Files, Tool, ToolAnswer } from "../types";
import { fileName } from "./project";
import { request } from "./live";

export interface Run {
  /** What was asked, to see whether an answer still belongs to what stands in the form. */
  asked: string;
  state: "running" | "done" | "failed" | "cancelled";
  job: string | null;
  progress: { done: number; total: number; text: string } | null;
  answer: ToolAnswer | null;
  /** What the answer was asked for; it stays in view, marked as older, when a later question fails. */
  answered: string;
  text: string | null;
  faults: Fault[];
  /** Whether the server could not be reached. */
  lost?: boolean;
}

export const runs = signal<ReadonlyMap<string, Run>>(new Map());
const sources = new Map<string, EventSource>();

function put(tool: string, run: Partial<Run>): void {
  const before = runs.peek().get(tool);
  const empty: Run = { asked: "", state: "running", job: null, progress: null, answer: null, answered: "", text: null, faults: [] };
  runs.value = new Map([...runs.peek(), [tool, { ...empty, ...before, ...run }]]);
}

/** A browser has six connections to a server: a stream of events holds one, so that further jobs look now and then. */
const STREAMS = 2;
const LOOK = 1000;

function listen(tool: string, job: string, asked: string, ended = false): void {
  sources.get(tool)?.close();
  sources.delete(tool);
  const open = [...sources.values()].filter(({ readyState }) => readyState !== EventSource.CLOSED).length;
  if (open >= STREAMS && !ended) {
    const again = (over: boolean): void => {
      if (runs.peek().get(tool)?.job === job) listen(tool, job, asked, over);
    };
    ask<{ state: string; done: number; total: number; text: string }>(`/api/jobs/${job}`)
      .then((found) => {
        const goes = ["waiting", "running"].includes(found.state);
        if (goes && runs.peek().get(tool)?.job === job) put(tool, { progress: found });
        window.setTimeout(again, goes ? LOOK : 0, !goes);
      })
      .catch((reason) => window.setTimeout(again, LOOK, reason instanceof Refusal));
    return;
  }
  const source = events(`/api/jobs/${job}/events`);
  sources.set(tool, source);
  const on = <T>(name: string, take: (data: T) => void): void =>
    source.addEventListener(name, (event) => {
      if (runs.peek().get(tool)?.asked !== asked) return source.close();
      take(JSON.parse((event as MessageEvent<string>).data) as T);
      if (name !== "progress") source.close();
    });
  on<{ done: number; total: number; text: string }>("progress", (progress) => put(tool, { progress }));
  on<{ answer: ToolAnswer }>("done", ({ answer }) => put(tool, { state: "done", answer, answered: asked, job: null, progress: null }));
  on<{ faults: Fault[]; text: string }>("failed", ({ faults, text }) => put(tool, { state: "failed", faults, text, job: null, progress: null }));
  on("cancelled", () => put(tool, { state: "cancelled", text: "Cancelled.", job: null, progress: null }));
  // A stream that broke is opened again, and the page learns whether the server is there; one that was refused is not:
  // the server does not know the job.
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return void ask("/api/info").catch(() => undefined);
    reachable.value = true;
    if (runs.peek().get(tool)?.job !== job) return;
    put(tool, { state: "failed", text: "The server was started anew, and the job is gone: compute again.", job: null, progress: null });
  };
  on<{ text: string }>("killed", ({ text }) => put(tool, { state: "failed", text, job: null, progress: null }));
}

/** Asks a tool; the newest question of a tool wins. */
export async function run(tool: Tool, asked: string, form: object, files: Files): Promise<void> {
  cancel(tool.id);
  put(tool.id, { asked, state: "running", job: null, progress: null, text: null, lost: false, faults: [] });
  const newest = (): boolean => runs.peek().get(tool.id)?.asked === asked;
  const base = request() as { files: Files };
  const body = { ...base, name: `${fileName()}.toml`, files: { ...base.files, ...files }, own: Object.keys(files), request: form };
  try {
    if (tool.job) {
      const { id } = await ask<{ id: string }>("/api/jobs", { ...body, tool: tool.id });
      if (!newest()) return void erase(`/api/jobs/${id}`);
      put(tool.id, { job: id });
      listen(tool.id, id, asked);
    } else {
      const answer = await ask<ToolAnswer>(`/api/tools/${tool.id}`, body);
      if (newest()) put(tool.id, { state: "done", answer, answered: asked });
    }
  } catch (reason) {
    if (newest()) put(tool.id, { state: "failed", text: words(reason), lost: !(reason instanceof Refusal), faults: reason instanceof Refusal ? reason.faults : [] });
  }
}

export function cancel(tool: string): void {
  const job = runs.peek().get(tool)?.job;
  if (job) void erase(`/api/jobs/${job}`).catch(() => undefined);
}
