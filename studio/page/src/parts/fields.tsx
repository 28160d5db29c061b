/** The controls of a form, from the description of its fields: number with unit and slider, choice, text, list. */

import { signal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import type { Fault, Field } from "../types";
import { FileField } from "./files";
import { MaterialField, MaterialsField } from "./library";
import { PickedField } from "./picked";
import { choice } from "../state/storage";
import { good, idOf, isList, listed, parsed, precise, understood } from "../state/numbers";
import { get, type Json, type Table } from "../state/paths";

export interface Editing {
  document: Table;
  set: (path: string, value: Json | undefined, gesture?: string | null) => void;
  settle: () => void;
  /** Faults of the last answer by path. */
  faults: ReadonlyMap<string, string>;
  fixes?: ReadonlyMap<string, NonNullable<Fault["fixes"]>>;
}

/** What every control says of itself. */
export const control = (field: Field, { faults }: Editing) => ({
  id: `field-${idOf(field)}`,
  "aria-invalid": faults.has(field.path),
  "aria-describedby": `help-${idOf(field)}`,
});

interface Ranged {
  low: number;
  high: number;
}
/** Ends of sliders that people have typed, by field. */
const typed = new Map<string, Ranged>();

/** A slider runs in steps of a range, even or in decades. */
const STEPS = 400;
function place(value: number, { low, high }: Ranged, log: boolean): number {
  const share = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.round(STEPS * Math.min(1, Math.max(0, share)));
}
function valueAt(position: number, { low, high }: Ranged, log: boolean): number {
  const value = log ? low * (high / low) ** (position / STEPS) : low + ((high - low) * position) / STEPS;
  return Number(value.toPrecision(log ? 3 : 4));
}

function Slider({ field, value, move, settle }: { field: Field; value: number; move: (value: number) => void; settle: () => void }) {
  const [, refresh] = useState(0);
  // The server proposes a range about every value: while the slider is held, it keeps the one that it began with.
  const held = useRef<Ranged | null>(null);
  const given = held.current ?? typed.get(idOf(field)) ?? { low: field.minimum ?? 0, high: field.maximum ?? (2 * value || 1) };
  const log = field.scale === "log" && given.low > 0;
  const [said, say] = useState("");
  const ends = (name: "low" | "high", entered: string): void => {
    const value = entered.trim() === "" ? NaN : Number(entered);
    const next = { ...given, [name]: value };
    const right = Number.isFinite(value) && next.low < next.high;
    if (right) typed.set(idOf(field), next);
    held.current = null;
    const bound = name === "low" ? `below ${precise(given.high)}` : `above ${precise(given.low)}`;
    say(right ? "" : `The end stays: "${entered}" is no number ${bound}; it is written without a unit, with a decimal point.`);
    refresh((n) => n + 1);
  };
  const end = (name: "low" | "high", words: string) => (
    <input
      class="end number"
      aria-label={`${words} of the slider of ${field.label}`}
      value={precise(given[name])}
      inputMode="decimal"
      onChange={(event) => {
        const { value } = event.currentTarget;
        ends(name, value);
        event.currentTarget.value = precise((typed.get(idOf(field)) ?? given)[name]);
      }}
    />
  );
  return (
    <div class="slider">
      {end("low", "Lower end")}
      <input
        type="range"
        min={0}
        max={STEPS}
        value={place(value, given, log)}
        aria-label={field.label}
        aria-valuetext={`${precise(value)} ${field.unit ?? ""}`}
        onInput={(event) => move(valueAt(Number(event.currentTarget.value), (held.current = given), log))}
        onPointerUp={() => (held.current = null)}
        onChange={() => (held.current = null, settle())}
      />
      {end("high", "Upper end")}
      {said && <p class="fault" role="status">{said}</p>}
    </div>
  );
}

function NumberField({ field, editing }: { field: Field; editing: Editing }) {
  const raw = get(editing.document, field.path);
  const { number, unit, text } = parsed(raw, field, editing.faults.has(field.path));
  if (text === null && number !== null) good.set(idOf(field), unit);
  const shown = text ?? (number === null ? "" : precise(number));
  const [draft, setDraft] = useState<string | null>(null);
  const gesture = useRef(0);
  const write = (whole: number, of: string, how: string | null): void => {
    const written: Json = field.write ? field.write.replace("{}", precise(whole)) : of === "" ? Number(precise(whole)) : `${precise(whole)} ${of}`;
    const kept = raw !== null && typeof raw === "object" && !Array.isArray(raw) && raw.value !== undefined;
    editing.set(field.path, kept ? { ...raw, value: Number(precise(whole)), unit: of } : written, how);
  };
  const commit = (entered: string): void => {
    setDraft(null);
    const trimmed = understood(entered, field);
    if (trimmed === shown) return;
    if (trimmed === "") editing.set(field.path, undefined);
    else if (trimmed !== "" && Number.isFinite(Number(trimmed))) write(Number(trimmed), unit, null);
    else if (field.kind === "numbers" && isList(trimmed)) editing.set(field.path, listed(trimmed, unit, field));
    else editing.set(field.path, trimmed);
    editing.settle();
  };
  // While a number is typed: whether it stands alone, and is read in the unit beside it.
  const alone = draft !== null && draft.trim() !== "" && Number.isFinite(Number(understood(draft, field)));
  const base = field.unit === "1" ? "" : (field.unit ?? "");
  const units = field.units ?? [];
  const words = field.options ?? [];
  // A value in another unit slides from where the server reads it, and goes on in the unit of its slider.
  const sliding = unit === base ? number : typeof field.display === "number" ? field.display : null;
  const slides = sliding !== null && typeof field.minimum === "number" && typeof field.maximum === "number";
  return (
    <>
      <span class="entry">
        <input
          {...control(field, editing)}
          class="number"
          value={draft ?? shown}
          placeholder={field.default_text ?? ""}
          list={words.length ? `words-${idOf(field)}` : undefined}
          inputMode={field.kind === "number" ? "decimal" : "text"}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onChange={(event) => commit(event.currentTarget.value)}
        />
        <span class={alone ? "unit alone" : "unit"} title={units.length > 1 ? `A number alone is in this unit; another one can be typed with it: ${units.join(", ")}` : undefined}>
          {text === null && (draft === null || alone) && <>{unit}{raw === undefined && number !== null && <small> by default</small>}</>}
        </span>
      </span>
      {words.length > 0 && (
        <datalist id={`words-${idOf(field)}`}>{words.map(({ value, label }) => <option key={label} value={String(value)}>{label}</option>)}</datalist>
      )}
      {slides && (
        <Slider
          field={field}
          value={sliding}
          move={(value) => write(field.integer ? Math.round(value) : value, base, `${field.path}#${gesture.current}`)}
          settle={() => {
            gesture.current += 1;
            editing.settle();
          }}
        />
      )}
    </>
  );
}

function ChoiceField({ field, editing }: { field: Field; editing: Editing }) {
  const raw = get(editing.document, field.path);
  const options = field.options ?? [];
  const usual = options.find((option) => option.value === field.default_text)?.value ?? "";
  const value = raw === undefined || raw === null ? (field.value ?? usual) : raw;
  const known = options.some((option) => option.value === value);
  const empty = !known || (!field.required && usual === "");
  return (
    <select
      {...control(field, editing)}
      value={String(value)}
      onChange={(event) => editing.set(field.path, options[event.currentTarget.selectedIndex - (empty ? 1 : 0)]?.value ?? undefined)}
    >
      {empty && <option value={known ? "" : String(value)}>{(!known && String(value)) || field.default_text || "—"}</option>}
      {options.map((option) => <option key={String(option.value)} value={String(option.value)}>{option.label}</option>)}
    </select>
  );
}

function FlagField({ field, editing }: { field: Field; editing: Editing }) {
  const raw = get(editing.document, field.path) ?? field.value;
  return <input id={`field-${idOf(field)}`} type="checkbox" checked={raw === true} onChange={(event) => editing.set(field.path, event.currentTarget.checked)} />;
}

function TextField({ field, editing }: { field: Field; editing: Editing }) {
  const raw = get(editing.document, field.path) ?? field.value ?? "";
  const text = typeof raw === "string" ? raw : Array.isArray(raw) ? raw.join(", ") : String(raw);
  return (
    <input
      {...control(field, editing)}
      value={text}
      placeholder={field.default_text ?? ""}
      onChange={(event) => editing.set(field.path, understood(event.currentTarget.value, field) || undefined)}
    />
  );
}

/** What has no control of its own: a single value is typed, a longer one is shown. */
function JsonField({ field, editing }: { field: Field; editing: Editing }) {
  const raw = get(editing.document, field.path);
  if (raw === undefined || raw === null || typeof raw === "string") return <TextField field={field} editing={editing} />;
  return <code id={`field-${idOf(field)}`} class="json">{JSON.stringify(raw)}</code>;
}

const CONTROLS = { number: NumberField, numbers: NumberField, choice: ChoiceField, picked: PickedField, material: MaterialField, flag: FlagField, text: TextField, json: JsonField, materials: MaterialsField, file: FileField };

/** Whether the help of each field stands below it, not only at its label. */
const explained = signal(choice.get("explained") === "yes");

export function Explain() {
  return (
    <button
      class="quiet end explain"
      aria-pressed={explained.value}
      onClick={() => {
        explained.value = !explained.value;
        choice.set("explained", explained.value ? "yes" : "no");
      }}
    >
      {explained.value ? "Hide help" : "Explain"}
    </button>
  );
}

/** Letters of a choice from which on its control takes a line of its own. */
const LONG = 24;

export function FieldRow({ field, editing, help = false }: { field: Field; editing: Editing; help?: boolean }) {
  const Control = CONTROLS[field.kind] ?? TextField;
  const fault = editing.faults.get(field.path);
  return (
    <div class={`field ${field.kind}${field.options?.some(({ label }) => label.length > LONG) ? " long" : ""}`} data-path={field.path}>
      <label for={`field-${idOf(field)}`} title={field.help}>{field.label}</label>
      <Control field={field} editing={editing} />
      <p id={`help-${idOf(field)}`} class={fault ? "fault" : help || explained.value ? "help-text" : "visually-hidden"}>{fault ?? field.help}</p>
      {fault && (
        <span class="fixes">
          {editing.fixes?.get(field.path)?.map(({ label, value }) => (
            <button key={label} onClick={() => { editing.set(field.path, value); editing.settle(); }}>{label}</button>
          ))}
        </span>
      )}
    </div>
  );
}

export function GroupForm({ fields, editing, help = false }: { fields: readonly Field[]; editing: Editing; help?: boolean }) {
  // A field does not leave its place while its form is open, also when it is emptied.
  const shown = useRef(new Set<string>());
  for (const field of fields) if (!field.advanced) shown.current.add(idOf(field));
  const row = (field: Field) => <FieldRow key={idOf(field)} field={field} editing={editing} help={help} />;
  const rarely = fields.filter((field) => !shown.current.has(idOf(field)));
  return (
    <div class="group">
      {fields.filter((field) => shown.current.has(idOf(field))).map(row)}
      {rarely.length > 0 && (
        <details open={rarely.some((field) => editing.faults.has(field.path) || get(editing.document, field.path) !== undefined)}>
          <summary>More</summary>
          {rarely.map(row)}
        </details>
      )}
    </div>
  );
}
