/**
 * What follows the document by itself: its form and drawing, its curves, then maxima, then what matters most. An
 * answer is shown under the number of its document, and counts as current only while that is the newest one.
 */

import { computed, effect, signal, untracked } from "@preact/signals";
import { ask, reachable, Refusal, words } from "../api";
import type { Curves, Described, Fault, Mark, Maxima, Pasted, Plot, Sensitivity } from "../types";
import { contents } from "./files";
import { Newest } from "./newest";
import { number, project, started, type Project } from "./project";

const pending = signal<ReadonlySet<string>>(new Set());
const queue = new Newest((kinds) => {
  pending.value = kinds;
});

export const described = signal<Described | null>(null);
export const curves = signal<Curves | null>(null);
export const maxima = signal<Maxima | null>(null);
export const sensitivity = signal<Sensitivity | null>(null);
/** What is wrong with the document, under its number, in the server's words. */
export const refused = signal<{ number: number; text: string; faults: Fault[] } | null>(null);
export const pasted = signal<{ text: string; answer: Pasted | null; fault: string | null } | null>(null);
const variantMaxima = signal<ReadonlyMap<string, Maxima>>(new Map());

export const busy = computed(() => pending.value.has("curves") || pending.value.has("describe"));
export const refining = computed(() => pending.value.has("maxima") || pending.value.has("sensitivity"));
export const currentCurves = computed(() => curves.value !== null && curves.value.number === solved.value);
export const currentMaxima = computed(() => maxima.value !== null && maxima.value.number === solved.value);
export const currentSensitivity = computed(() => sensitivity.value !== null && sensitivity.value.number === solved.value);

/** The number under which this state of device and files was first asked: forms of other pages do not age curves. */
const solved = signal(0);

export const faults = computed(() => {
  const all = new Map<string, string>();
  if (described.value?.number === solved.value) for (const fault of described.value.faults) all.set(fault.path, fault.words || fault.message);
  if (refused.value?.number === solved.value) for (const fault of refused.value.faults) all.set(fault.path, fault.words || fault.message);
  return all;
});
export const fixes = computed(() => {
  const all = [described.value, refused.value].filter((one) => one?.number === solved.value).flatMap((one) => one?.faults ?? []);
  return new Map(all.map((fault) => [fault.path, fault.fixes ?? []]));
});
const variants = computed(() => (started.value ? project.value.variants : []));
/** The variants with what is known of them: in what they differ from the device, their curves and figures. */
export const ghosts = computed(() => variants.value.map((variant, at) => {
  const known = variantMaxima.value.get(JSON.stringify(variant.device));
  const differs = described.value?.variants[at];
  return {
    ...variant, differs, figures: known?.headline ?? [], plots: [...(known?.plots ?? []), ...(known?.family ?? [])],
    label: differs ? `${variant.name}: ${differs}` : variant.name,
  };
}));

const RETRY = 1500;
const body = (to: Project, at: number, more: object = {}): object => ({
  number: at, document: to.device, files: contents(to.files), ...more,
});
/** The request of another page: this document and its files. */
export const request = (more: object = {}): object => body(project.value, number.value, more);

function want<A>(kind: string, rank: number, rest: number, path: string, sent: object, at: number, take: (answer: A) => void): void {
  queue.want<A>(kind, {
    rank,
    rest,
    ask: (stop) => ask<A>(path, sent, stop),
    answered: (answer) => {
      take(answer);
    },
    failed: (reason) => {
      if (reason instanceof Refusal) {
        if (kind === "curves" || kind === "describe") refused.value = { number: at, text: words(reason), faults: reason.faults };
        if (kind === "sensitivity") sensitivity.value = { number: at, aim: null, rows: [], text: words(reason) };
      }
      // A server that is away or starts again is asked again, for as long as this is the newest document.
      if (!(reason instanceof Refusal) || reason.status === 503) {
        window.setTimeout(() => {
          if (at === solved.value && !pending.peek().has(kind)) want(kind, rank, 0, path, sent, at, take);
        }, RETRY);
      }
    },
  });
}

function followForm(to: Project, at: number, inGesture: boolean): void {
  const sent = body(to, at, { variants: to.variants.map((variant) => variant.device) });
  want<Described>("describe", inGesture ? 2 : 0, inGesture ? 150 : 0, "/api/describe", sent, at, (answer) => {
    described.value = answer;
  });
}

function follow(to: Project, at: number): void {
  queue.drop("maxima");
  queue.drop("sensitivity");
  const sent = body(to, at);
  want<Curves>("curves", 1, 0, "/api/curves", sent, at, (answer) => {
    curves.value = answer;
    refused.value = null;
    if (answer.number !== solved.value) return;
    want<Maxima>("maxima", 3, 60, "/api/maxima", sent, at, (found) => {
      maxima.value = found;
    });
    want<Sensitivity>("sensitivity", 4, 400, "/api/sensitivity", sent, at, (found) => {
      sensitivity.value = found;
    });
  });
}

function followVariants(to: Project): void {
  for (const { device: variant } of to.variants) {
    const key = JSON.stringify(variant);
    if (variantMaxima.peek().has(key)) continue;
    const sent = body({ ...to, device: variant }, number.peek(), { curves: true });
    want<Maxima>(`variant ${key}`, 5, 0, "/api/maxima", sent, solved.peek(), (answer) => {
      variantMaxima.value = new Map([...variantMaxima.value, [key, answer]]);
    });
  }
}

function followMeasured(to: Project, at: number): void {
  const { text } = pasted.peek() ?? { text: "" };
  if (text === to.measured) return;
  pasted.value = { text: to.measured, answer: null, fault: null };
  if (to.measured === "") return;
  const sent = body(to, at, { text: to.measured });
  const shown = (answer: Pasted | null, fault: string | null): void => {
    if (project.peek().measured === to.measured) pasted.value = { text: to.measured, answer, fault };
  };
  queue.want<Pasted>("table", {
    rank: 2,
    rest: 0,
    ask: (stop) => ask<Pasted>("/api/table", sent, stop),
    answered: (answer) => shown(answer, null),
    failed: (reason) => shown(null, words(reason)),
  });
}

/** The measured points of one plot in its units. */
export function measuredPoints(plot: Plot): Mark[] {
  const points = pasted.value?.answer?.points[plot.id] ?? [];
  const into = (axis: Plot["y"], value: number): number => value * (axis.si?.factor ?? 1) + (axis.si?.offset ?? 0);
  return points.map((point) => ({ ...point, x: into(plot.x, point.x), y: into(plot.y, point.y) }));
}

let gesture = false;
/** Told while a slider or a part is held. */
export const holding = (held: boolean): void => {
  gesture = held;
};

export function follows(): void {
  let before: Project | null = null;
  effect(() => {
    if (!started.value) return;
    const to = project.value;
    const at = number.value;
    untracked(() => {
      const other = before?.device !== to.device || before.files !== to.files;
      if (other) solved.value = at;
      if (other || before?.variants !== to.variants) followForm(to, solved.value, gesture);
      if (other) follow(to, at);
      before = to;
      followVariants(to);
      followMeasured(to, at);
    });
  });
  effect(() => {
    if (reachable.value) return;
    const look = window.setInterval(() => void ask("/api/info").catch(() => undefined), RETRY);
    return () => window.clearInterval(look);
  });
}
