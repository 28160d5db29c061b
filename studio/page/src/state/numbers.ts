/** What people type into a field of a number, and what it means: number and unit, a decimal comma, a list. */

import type { Field } from "../types";
import type { Json } from "./paths";

export const idOf = (field: Field): string => field.id ?? field.path;
export const precise = (value: number): string => String(Number(value.toPrecision(6)));

/** A number with one comma, which is a decimal one: not before three digits, which may be thousands, but after a lone 0.
 * In a field of text it has a unit behind it: 2,3 may be two of something. */
const DECIMAL = /^([-+\u2212]?(?:0|[1-9]\d*)),(\d+)(?![\d.,])(.*)$/;

/** A text as it is written in a document: with a decimal point, and a unit by the name that the server knows. */
export function understood(entered: string, field: Field): string {
  const text = entered.trim().replace(DECIMAL, (all, whole: string, part: string, rest: string) =>
    (part.length === 3 && !/^\D?0$/.test(whole)) || /[,;]/.test(rest) || (field.kind === "text" && !rest) ? all : `${whole}.${part}${rest}`);
  const found = pieces(text);
  const unit = found && field.spellings?.[found.unit];
  return found && unit ? `${found.number} ${unit}` : text;
}

/** The unit that a field had when its number was read last: what a bare number means after a text that was refused. */
export const good = new Map<string, string>();

const pieces = (text: string): { number: number; unit: string } | null => {
  const match = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([^\s\d.,;+-].*)?$/i.exec(text);
  const number = Number(match?.[1] ?? NaN);
  return Number.isFinite(number) ? { number, unit: match?.[2]?.trim() ?? "" } : null;
};

/** Number and unit of a value as it stands in a document: 6, "6 mm", { value, unit, uncertainty }. A text is taken apart
 * where the server has read it, or where its unit is one that the server named; any other one stays whole. */
export function parsed(value: Json | undefined, field: Field, refused: boolean): { number: number | null; unit: string; text: string | null } {
  const own = field.unit === "1" ? "" : (field.unit ?? "");
  const unit = good.get(idOf(field)) ?? own;
  const displayed = typeof field.display === "number" ? field.display : null;
  if (value === undefined || value === null) return { number: displayed, unit: own, text: null };
  if (typeof value === "number") return { number: displayed !== null && field.value === value ? displayed : value, unit: own, text: null };
  if (typeof value === "string" && field.write) {
    const [before = "", after = ""] = field.write.split("{}");
    const inner = value.startsWith(before) && value.endsWith(after) ? Number(value.slice(before.length, value.length - after.length)) : NaN;
    return { number: Number.isFinite(inner) ? inner : displayed, unit: own, text: null };
  }
  if (typeof value === "string") {
    const found = pieces(value);
    const read = field.value === value ? displayed !== null && !refused : found?.unit === own || (field.units ?? []).includes(found?.unit ?? "");
    return found && read ? { number: found.number, unit: found.unit || own, text: null } : { number: null, unit, text: value };
  }
  if (typeof value === "object" && !Array.isArray(value) && value.value !== undefined) {
    const inner = typeof value.value === "number" ? value.value : Number(value.value);
    return { number: inner, unit: typeof value.unit === "string" ? value.unit : own, text: null };
  }
  return { number: null, unit, text: Array.isArray(value) ? value.map(String).join(", ") : null };
}

/** A list is separated by semicolons, or by commas with a space: a comma between digits may be a decimal one. */
const SEPARATED = /;|,\s/;
export const isList = (text: string): boolean => SEPARATED.test(text);

/** The members of a list; a bare number takes the unit of the next that states one, the last ones that of the field. */
export function listed(text: string, unit: string, field: Field): Json[] {
  const items = text.split(new RegExp(SEPARATED, "g")).map((item) => understood(item, field)).filter(Boolean);
  let following = [...items].reverse().map((item) => pieces(item)?.unit).find(Boolean) ?? unit;
  return items.reverse().map((item) => {
    const found = pieces(item);
    if (found?.unit) following = found.unit;
    return !found || found.unit ? item : following ? `${item} ${following}` : found.number;
  }).reverse();
}
