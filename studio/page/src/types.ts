/** Descriptions as the server sends them. Nothing here knows a quantity, a unit or a part of a device. */

import type { Json, Table } from "./state/paths";

export type { Json, Table };
export type Files = { [name: string]: string };

export interface Field {
  id?: string;
  path: string;
  /** How a number is written where it is a part of a longer text, with {} in its place. */
  write?: string | null;
  label: string;
  symbol?: string;
  help: string;
  kind: "number" | "numbers" | "choice" | "picked" | "material" | "materials" | "text" | "flag" | "json" | "file";
  value?: Json;
  display?: number | number[] | null;
  default_text?: string | null;
  unit?: string | null;
  units?: string[];
  /** Other spellings of units, by what people type. */
  spellings?: { [typed: string]: string };
  minimum?: number | null; maximum?: number | null;
  scale?: "linear" | "log";
  options?: { value: Json; label: string }[];
  /** Whether what is picked has a value. */
  valued?: boolean;
  required?: boolean; integer?: boolean; advanced?: boolean; many?: boolean;
  fault?: string | null;
}
export interface Operation {
  path: string;
  value: Json;
  /** The key of the table by which one that takes another's place is told from it. */
  by?: string;
}
export interface Action {
  label: string;
  operations: Operation[];
  danger?: boolean;
}
export interface Group {
  id: string;
  title: string;
  help?: string;
  level: number;
  fields: Field[];
  actions: Action[];
}

export interface Drag {
  path: string;
  axis: "x" | "y";
  /** Change of the number, in `unit`, for one unit of the drawing. */
  per_unit: number;
  value: number; unit: string; minimum: number; maximum: number;
}
export interface Shape {
  kind: "rect" | "line" | "polygon" | "text";
  role: string;
  shade?: number;
  x?: number; y?: number; width?: number; height?: number;
  points?: [number, number][];
  text?: string; anchor?: "start" | "middle" | "end"; size?: number;
  label?: string;
  group?: string | null;
  drag?: Drag | null;
}
export interface Drawing {
  width: number;
  height: number;
  bar?: { length: number; text: string } | null;
  shapes: Shape[];
  notes: string[]; notes_above: string[];
  alt?: string;
}

export interface Series {
  label: string;
  x?: number[] | null;
  values: (number | null)[];
  extrapolated?: boolean[] | null;
  kind?: "line" | "points";
  role?: string; index?: number; dash?: number;
}
export interface Axis {
  key?: string;
  label: string;
  unit: string;
  si?: { factor: number; offset: number };
  scale?: "linear" | "log";
}
export interface Mark { x: number; y: number; label: string }
export interface Plot {
  id: string;
  title: string;
  x: Axis & { values?: number[] | null };
  y: Axis;
  series: Series[];
  marks?: Mark[];
}

export interface Fact { label: string; text: string; help?: string | null }
export interface Figure {
  key?: string;
  label: string;
  symbol?: string;
  text: string;
  kind?: string;
}
export interface Finding { severity?: string; text: string; where?: string | null; path?: string | null }
export type Cell = string | number | null;
interface Titled { title?: string | null; note?: string | null }
export interface TableSection extends Titled {
  kind: "table";
  columns: { label: string; unit?: string | null; numeric?: boolean }[];
  rows: Cell[][];
  /** Devices that rows load. */
  documents?: (Table | null)[] | null;
}
export interface Body {
  group?: string;
  label: string;
  role: string;
  positions: number[];
  triangles: number[];
  values: { [field: string]: number[] };
}
export interface Bodies extends Titled {
  kind: "bodies";
  bodies: Body[];
  fields: { id: string; label: string; unit: string; minimum: number; maximum: number }[];
}
export type Section =
  | (Titled & { kind: "facts"; rows: Fact[] })
  | TableSection
  | (Titled & { kind: "plot"; plot: Plot })
  | (Titled & { kind: "picture"; svg: string; width_mm?: number; caption?: string | null; alt?: string | null })
  | (Titled & { kind: "findings"; items: Finding[] })
  | (Titled & { kind: "text"; text: string })
  | (Titled & { kind: "list"; items: string[] })
  | (Titled & { kind: "figures"; items: Figure[] })
  | Bodies;

export interface Fault {
  path: string;
  message: string;
  /** The message where its field is seen. */
  words?: string;
  /** Values that may take the place of the one that is wrong. */
  fixes?: { label: string; value: Json }[];
}
export interface Described {
  number: number;
  name: string;
  groups: Group[];
  drawing: Drawing | null;
  faults: Fault[];
  /** In what each variant differs from the device. */
  variants: string[];
}
export interface Verdict {
  status: { kind: string; ok: boolean; text: string; advice?: string | null };
  balance: { text: string } | null;
  error: { text: string } | null;
  warnings: Finding[];
  headline: Figure[];
}
export interface Curves extends Verdict {
  number: number;
  drawing: Drawing | null;
  notes: string[];
  plots: Plot[];
  engine: { name: string; seconds: number };
}
export interface Maxima extends Verdict {
  number: number;
  marks: { [plot: string]: Mark[] };
  /** Over the current, of a variant. */
  plots?: Plot[];
  /** Inside the device at its best operating point. */
  profiles?: (Plot & { text?: string })[];
  /** Of which of several curves the headline is. */
  of?: string;
  /** Maxima over the temperatures. */
  family?: Plot[];
}
export interface Sensitivity {
  number: number;
  /** Why there is nothing to compare. */
  text?: string;
  aim: { label: string } | null;
  rows: { path: string; label: string; effect: number; text: string; group?: string | null }[];
}
export interface Pasted {
  read_as: string[];
  not_used: string[];
  points: { [plot: string]: Mark[] };
  findings: Finding[];
}

export interface Tool {
  id: string;
  title: string;
  text: string;
  fields: Field[];
  accepts: string | null;
  /** What it does, in paragraphs. */
  about?: string[];
  /** A file to try it with, and what then stands in the form. */
  sample?: { name: string; base64: string; request?: Table } | null;
  many?: boolean;
  device: boolean;
  /** Whether its fields are asked anew for every device. */
  fields_follow_device?: boolean;
  job: boolean;
}
export interface PageInfo {
  id: string;
  title: string;
  text: string;
  tools: Tool[];
}
export interface Info {
  version: string;
  engine: { name: string; text: string };
  pages: PageInfo[];
  examples: { id: string; title: string; text: string }[];
  /** Devices to begin with. */
  beginnings: { id: string; title: string }[];
  /** The guide of a first visit, the keys, and what the words of the bar at the bottom and of answers mean. */
  steps: Fact[];
  keys: Fact[];
  words: Fact[];
  quantities: { [name: string]: { symbol: string; label: string; unit: string; display_unit: string; description: string } };
}
export interface Download {
  name: string;
  text?: string;
  base64?: string;
  /** Whether it is a card of a material. */
  card?: boolean;
}
export interface ToolAnswer {
  title?: string;
  sections: Section[];
  files?: Download[];
  document?: Table | null;
}
