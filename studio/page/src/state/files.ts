/** Files of the person beside the device: kept once by a name of their content, so that histories hold names only. */

import type { Files } from "../types";

const PREFIX = "ioffe-studio/file/";
const held = new Map<string, string>();

function named(content: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < content.length; at += 1) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(content.charCodeAt(at))) * 0x100000001b3n);
  }
  return `${content.length.toString(36)}-${hash.toString(36)}`;
}

/** Keeps a content and gives its name; where the browser has no room, it lives as long as the page. */
export function keepFile(content: string): string {
  const name = named(content);
  held.set(name, content);
  try {
    localStorage.setItem(PREFIX + name, content);
  } catch {
    // The page goes on with the file in memory; after a reload it has to be dropped in again.
  }
  return name;
}

/** Contents by file name, from kept names. */
export function contents(names: Files): Files {
  const found: Files = {};
  for (const [file, name] of Object.entries(names)) {
    const content = held.get(name) ?? localStorage.getItem(PREFIX + name);
    if (content !== null) {
      held.set(name, content);
      found[file] = content;
    }
  }
  return found;
}

/** Forgets contents that no window's history mentions. */
export function forgetUnused(): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith("ioffe-studio/"));
  const states = keys.filter((key) => key.startsWith("ioffe-studio/window/")).map((key) => localStorage.getItem(key) ?? "");
  for (const key of keys.filter((key) => key.startsWith(PREFIX))) {
    const name = key.slice(PREFIX.length);
    if (!states.some((state) => state.includes(name))) localStorage.removeItem(key);
  }
}
