/** The part of the device whose form is open. */

import { computed, signal } from "@preact/signals";
import type { Group } from "../types";
import { described } from "./live";

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
