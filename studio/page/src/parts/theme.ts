/** Light or dark: as the system says, or as chosen. */

import { effect, signal } from "@preact/signals";
import { choice } from "../state/storage";

const system = matchMedia("(prefers-color-scheme: dark)");
const chosen = choice.get("theme");
export const theme = signal<"light" | "dark">(chosen === "dark" || chosen === "light" ? chosen : system.matches ? "dark" : "light");

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});
system.addEventListener("change", () => {
  if (choice.get("theme") === null) theme.value = system.matches ? "dark" : "light";
});

export function toggleTheme(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
  choice.set("theme", theme.value);
}

const colours = new Map<string, string>();

/** The value of a colour of the style sheet, for what is drawn on a canvas; asked for once, since asking styles the whole page. */
export function colour(name: string): string {
  const key = `${theme.value} ${name}`;
  const found = colours.get(key) ?? getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  colours.set(key, found);
  return found;
}
