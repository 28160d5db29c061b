/** Values by path in documents that are never changed in place: a change copies what lies on its way. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Table = { [key: string]: Json };

/** The steps of a path such as `module.hot[0].thickness`. */
export const steps = (path: string): string[] => path.split(/[.[\]]+/).filter((name) => name !== "");

const isTable = (value: Json | undefined): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function step(value: Json | undefined, name: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(name)];
  return isTable(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function get(document: Json, path: string): Json | undefined {
  return steps(path).reduce<Json | undefined>(step, document);
}

function changed(value: Json | undefined, way: string[], leaf: Json | undefined): Json | undefined {
  const [name, ...rest] = way;
  if (name === undefined) return leaf;
  // A list begins where its first item is put, "hot[0]".
  if (Array.isArray(value) || (value === undefined && /^\d+$/.test(name))) {
    const copy = [...(value ?? [])];
    const made = changed(copy[Number(name)], rest, leaf);
    if (made === undefined) copy.splice(Number(name), 1);
    else copy[Math.min(Number(name), copy.length)] = made;
    return copy;
  }
  const copy = isTable(value) ? { ...value } : {};
  const made = changed(copy[name], rest, leaf);
  if (made === undefined) delete copy[name];
  else copy[name] = made;
  return copy;
}

/** The document with another value at a path; tables on the way are made. `undefined` removes. */
export function set<T extends Json>(document: T, path: string, value: Json | undefined): T {
  return changed(document, steps(path), value) as T;
}

/** Whether two documents say the same; the order of keys says nothing. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((value, i) => equal(value, b[i]));
  if (!isTable(a) || !isTable(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => equal(a[key], b[key]));
}

/** The first place at which two documents differ. */
export function difference(a: Json | undefined, b: Json | undefined, path = ""): string {
  if (isTable(a) && isTable(b)) {
    const key = [...Object.keys(a), ...Object.keys(b)].find((name) => !equal(a[name], b[name]));
    return key === undefined ? path : difference(a[key], b[key], path ? `${path}.${key}` : key);
  }
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return path;
  const at = a.findIndex((value, i) => !equal(value, b[i]));
  return at < 0 ? path : difference(a[at], b[at], `${path}[${at}]`);
}
