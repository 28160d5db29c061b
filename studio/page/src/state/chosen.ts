/** What is open: the part of the device, the tool of each page; and what a step back has changed. */

import { computed, signal } from "@preact/signals";
import type { Group } from "../types";
import { info } from "./info";
import { described } from "./live";
import type { Place } from "./project";

const chosen = signal("");

/** The chosen group, or the nearest that still exists. */
export const shownGroup = computed<Group | undefined>(() => {
  const groups = described.value?.groups ?? [];
  return (
    groups.find(({ id }) => id === chosen.value) ??
    [...groups].reverse().find(({ id }) => id !== "" && chosen.value.startsWith(id)) ??
    groups.find(({ fields }) => fields.some(({ kind }) => kind === "material")) ??
    groups[0]
  );
});

export function choose(id: string): void {
  chosen.value = id;
}

/** Opens the form in which a path stands and puts the cursor there. */
export function show(path: string): void {
  const groups = described.value?.groups ?? [];
  const found = groups.find(({ fields }) => fields.some((field) => field.path === path));
  choose((found ?? [...groups].reverse().find(({ id }) => id !== "" && path.startsWith(id)))?.id ?? "");
  if (location.hash !== "" && location.hash !== "#device") location.hash = "#device";
  requestAnimationFrame(() => {
    const control = document.getElementById(`field-${path}`);
    control?.closest("details")?.setAttribute("open", "");
    control?.focus();
  });
}

/** Words of the place of a path: its part and its field. */
export function placeOf(path: string): string {
  const groups = described.value?.groups ?? [];
  for (const { title, fields } of groups) {
    const field = fields.find((one) => one.path === path);
    if (field) return `${title}, ${field.label}`;
  }
  return [...groups].reverse().find(({ id }) => id !== "" && path.startsWith(id))?.title ?? (path || "the device");
}

/** The open tool of each page. */
export const tools = signal<{ [page: string]: string }>({});

/** What the last step back or forth was about, for a while. */
export const said = signal("");
let timer = 0;

/** Says what a step changed, and opens the page and the part where it is seen. */
export function tell(way: "undo" | "redo", { tool, path = "", name }: Place): void {
  const page = info.value?.pages.find((one) => one.tools.some(({ id }) => id === tool));
  const found = page?.tools.find(({ id }) => id === tool);
  const field = found?.fields.find((one) => one.path === path)?.label ?? path;
  said.value = `${way === "undo" ? "Undone" : "Done again"}: ${name ?? (found ? `${found.title}, ${field}` : placeOf(path))}`;
  window.clearTimeout(timer);
  timer = window.setTimeout(() => { said.value = ""; }, 6000);
  if (page && found) {
    tools.value = { ...tools.value, [page.id]: found.id };
    location.hash = `#${page.id}`;
    return;
  }
  if (location.hash !== "" && location.hash !== "#device") location.hash = "#device";
  if (path === "") return;
  const groups = described.value?.groups ?? [];
  const group = groups.find(({ fields }) => fields.some((one) => one.path === path)) ?? [...groups].reverse().find(({ id }) => id !== "" && path.startsWith(id));
  if (group) choose(group.id);
  requestAnimationFrame(() => document.getElementById(`field-${path}`)?.scrollIntoView({ block: "nearest" }));
}
