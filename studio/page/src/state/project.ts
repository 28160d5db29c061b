/** The one document of this window, its history, and how both are kept. */

import { batch, computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import { begin, next, redo, undo, type History } from "./history";
import { difference, equal, get, set, type Json, type Table } from "./paths";
import { forgetUnused, keepFile } from "./files";
import { WindowStore } from "./storage";
import type { Files, Operation } from "../types";

/** What a project file holds: the device document, and what people added to it in the page. */
export interface Project {
  device: Table;
  /** The text of the device file as it was opened: its comments go back into the saved one. */
  text: string | null;
  name: string;
  /** Files beside the device, cards and tables of the person: name to the name of the kept content. */
  files: Files;
  /** Measured points as they were pasted. */
  measured: string;
  /** Devices whose curves stay behind the new ones. */
  variants: { name: string; device: Table }[];
  /** What the forms of the other pages hold, by page. */
  forms: { [page: string]: Table };
  /** Tables that others took the place of, by path and word: what the way back brings again. */
  replaced?: { [place: string]: Table };
}

interface Kept {
  history: History<Project>;
  number: number;
}

const history = signal<History<Project> | null>(null);
let joins: string | null = null;
let store: WindowStore<Kept> | null = null;

/** Rises with every change; every answer of the server carries the number of the document it was computed from. */
export const number = signal(0);
export const started = computed(() => history.value !== null);
/** Fulfilled once the project is open: what is opened before waits for it. */
export const opened = new Promise<void>((done) => {
  effect(() => {
    if (started.value) done();
  });
});
export const storageFull = signal(false);
export const canUndo = computed(() => (history.value?.past.length ?? 0) > 0);
export const canRedo = computed(() => (history.value?.future.length ?? 0) > 0);

export const project: ReadonlySignal<Project> = computed(() => {
  if (history.value === null) throw new Error("the project is not open yet");
  return history.value.present;
});
export const device = computed(() => project.value.device);

/** The name of the project as one of a file. */
export const fileName = (): string => project.value.name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "").slice(0, 80).toLowerCase() || "device";

const emptied = (): Project => ({ device: {}, text: null, name: "", files: {}, measured: "", variants: [], forms: {} });

function put(changed: History<Project>): void {
  if (changed === history.value) return;
  batch(() => {
    number.value += 1;
    history.value = changed;
  });
}

/** Makes a change one step of the history; changes with the same `gesture`, until `settle`, make one step together. */
export function change(to: Project, gesture: string | null = null): void {
  if (history.value === null) return;
  put(next(history.value, to, gesture !== null && gesture === joins));
  joins = gesture;
}

/** The end of a drag: the next change begins a step of its own. */
export function settle(): void {
  joins = null;
}

export function setValue(path: string, value: Json | undefined, gesture: string | null = null): void {
  const now = project.value;
  if (equal(get(now.device, path), value)) return;
  change({ ...now, device: set(now.device, path, value) }, gesture);
}

/** Several values at once, as one step. */
export function setValues(operations: readonly Operation[]): void {
  const now = project.value;
  const replaced = { ...now.replaced };
  const made = operations.reduce((document, { path, value, by }) => {
    const old = get(document, path);
    const place = (table: Json | undefined): string => `${path} ${String(by && table !== undefined ? get(table, by) : "")}`;
    const before = by ? replaced[place(value)] : undefined;
    if (by && old !== undefined) replaced[place(old)] = old as Table;
    return set(document, path, before ?? value ?? undefined);
  }, now.device);
  settle();
  change({ ...now, device: made, replaced });
}

export function setForm(page: string, path: string, value: Json | undefined, gesture: string | null = null): void {
  const now = project.value;
  const form = set(now.forms[page] ?? {}, path, value);
  change({ ...now, forms: { ...now.forms, [page]: form } }, gesture);
}

/** The whole form of a page at once. */
export function setForms(page: string, form: Table): void {
  settle();
  change({ ...project.value, forms: { ...project.value.forms, [page]: form } });
}

/** Opens a device, with the files that lie beside it (base64), or with those that are there. */
export function open(device: Table, text: string | null, name: string, files?: Files): void {
  settle();
  change({ ...project.value, device, text, name, ...(files && { ...kept(files), measured: "" }), replaced: {} });
}

export function rename(name: string): void {
  change({ ...project.value, name });
}

const kept = (files: Files): { files: Files } => ({
  files: Object.fromEntries(Object.entries(files).map(([file, content]) => [file, keepFile(content)])),
});

export function addFiles(files: Files, gesture: string | null = null): void {
  const now = project.value;
  change({ ...now, files: { ...now.files, ...kept(files).files } }, gesture);
}

export function removeFile(name: string): void {
  const now = project.value;
  change({ ...now, files: Object.fromEntries(Object.entries(now.files).filter(([other]) => other !== name)) });
}

const VARIANTS = 3;

export function keepVariant(name: string): void {
  const now = project.value;
  change({ ...now, variants: [...now.variants, { name, device: now.device }].slice(-VARIANTS) });
}

/** Where a project changed: in the form of a tool, in the device, or in something else that has a name. */
export interface Place {
  tool?: string;
  path?: string;
  name?: string;
}

function changedAt(a: Project, b: Project): Place {
  if (a.name !== b.name) return { name: `the device ${b.name}` };
  if (!equal(a.device, b.device)) return { path: difference(a.device, b.device) };
  const tool = Object.keys({ ...a.forms, ...b.forms }).find((id) => !equal(a.forms[id], b.forms[id]));
  if (tool !== undefined) return { tool, path: difference(a.forms[tool] ?? {}, b.forms[tool] ?? {}) };
  return { name: a.measured !== b.measured ? "measured points" : a.variants !== b.variants ? "variants" : "files beside the device" };
}

/** One step back or forth, and what it changed. */
export function step(way: "undo" | "redo"): Place | null {
  if (history.value === null) return null;
  settle();
  const before = project.value;
  put((way === "undo" ? undo : redo)(history.value));
  return before === project.value ? null : changedAt(before, project.value);
}

function save(): void {
  if (history.value === null || store === null) return;
  storageFull.value = !store.save({ history: history.value, number: number.value });
}

/** Takes up what this window kept; `first` gives the project of a first visit. */
export async function start(first: () => Promise<Partial<Project>>): Promise<void> {
  const kept = await WindowStore.open<Kept>();
  store = kept.store;
  forgetUnused();
  const present = kept.state?.history ?? begin({ ...emptied(), ...(await first()) });
  batch(() => {
    number.value = kept.state?.number ?? 1;
    history.value = present;
  });
  let timer = 0;
  effect(() => {
    void history.value;
    window.clearTimeout(timer);
    timer = window.setTimeout(save, 250);
  });
  window.addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
}
