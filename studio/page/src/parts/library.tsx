/** Materials to choose from: a table of the library that the server filters, sorted here by any of its columns. */

import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { ask, Refusal } from "../api";
import { get, set, type Json, type Table } from "../state/paths";
import { project } from "../state/project";
import type { Cell, Field } from "../types";
import { control, FieldRow, type Editing } from "./fields";
import { Chips, Picker, takeFiles } from "./files";

interface Library {
  fields: Field[];
  columns: { label: string; unit?: string | null; numeric?: boolean }[];
  rows: Cell[][];
}
interface Choosing {
  field: Field;
  chosen: readonly string[];
  put: (names: readonly string[], gesture?: string | null) => void;
}
const library = signal<Library | null>(null);
/** What is asked of the library, and what is wrong with it. */
const wanted = signal<Table>({});
const faults = signal<Editing["faults"]>(new Map());
const SEPARATOR = "; ";

async function look(request: Table): Promise<void> {
  wanted.value = request;
  try {
    const found = await ask<Library>("/api/materials", { request });
    if (wanted.value === request) [library.value, faults.value] = [found, new Map()];
  } catch (reason) {
    if (wanted.value === request && reason instanceof Refusal) faults.value = new Map(reason.faults.map(({ path, words, message }) => [path, words || message]));
  }
}

/** Rows in the order of a column; what is not known stands last. */
function sorted(rows: readonly Cell[][], at: number, down: boolean): Cell[][] {
  const known = ([...row]: Cell[]): boolean => row[at] !== null && row[at] !== "";
  const before = (a: Cell, b: Cell): number => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));
  return [...rows].sort((a, b) => Number(known(b)) - Number(known(a)) || (down ? -1 : 1) * before(a[at] ?? null, b[at] ?? null));
}

const namesIn = (raw: Json | undefined): string[] => (typeof raw === "string" && raw !== "" ? raw.split(/\s*;\s*/) : []);

/** A material by its name, or by its file and its sample. */
function named(raw: Json | undefined): string {
  if (typeof raw === "string" || typeof raw !== "object" || raw === null || Array.isArray(raw)) return typeof raw === "string" ? raw : "";
  return [raw.name ?? raw.file, raw.sample].filter((one) => typeof one === "string").join(": ");
}

/** What opens the library beside a form, until it is left. */
function Chooser({ field, words, chosen, put, one = false }: Choosing & { words: string; one?: boolean }) {
  const host = useRef<HTMLDetailsElement>(null);
  const [open, setOpen] = useState(false);
  const close = (): void => {
    if (!host.current?.open) return;
    host.current.open = false;
    host.current.querySelector("summary")?.focus();
  };
  return (
    <details
      class="choose"
      ref={host}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      onKeyDown={({ key }) => key === "Escape" && close()}
      onFocusOut={({ relatedTarget }) => {
        if (host.current && relatedTarget && !host.current.contains(relatedTarget as Node)) host.current.open = false;
      }}
    >
      <summary>{words}</summary>
      {open && <Choice field={field} chosen={chosen} put={(names, gesture) => (put(names, gesture), one && close())} />}
    </details>
  );
}

/** One material of a part: which it is, and the library and the person's own files to choose another from. */
export function MaterialField({ field, editing }: { field: Field; editing: Editing }) {
  const raw = get(editing.document, field.path);
  return (
    <>
      <input
        {...control(field, editing)}
        value={named(raw)}
        placeholder={field.default_text ?? ""}
        onChange={(event) => editing.set(field.path, event.currentTarget.value.trim() || undefined)}
      />
      <Chooser field={field} words="Choose another …" chosen={namesIn(raw)} one put={(names, gesture) => names.length && editing.set(field.path, names.at(-1), gesture)} />
    </>
  );
}

/** Several materials: those that are chosen, and the library. */
export function MaterialsField({ field, editing }: { field: Field; editing: Editing }) {
  const chosen = namesIn(get(editing.document, field.path));
  const put = (names: readonly string[], gesture: string | null = null): void => editing.set(field.path, names.length ? names.join(SEPARATOR) : undefined, gesture);
  return (
    <>
      <Chips names={chosen} leave={put} />
      <Chooser field={field} words="Choose materials …" chosen={chosen} put={put} />
    </>
  );
}

function Choice({ field, chosen, put }: Choosing) {
  const [words, setWords] = useState("");
  const [order, setOrder] = useState({ at: -1, down: false });
  useEffect(() => {
    if (library.value === null) void look({});
  }, []);
  const table = library.value;
  if (!table) return <p class="soft">Loading …</p>;
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  const own = Object.keys(project.value.files).map((name): Cell[] => [name, ...table.columns.slice(1).map((_, at) => (at === 1 ? "own file" : null))]);
  const all = [...own, ...(order.at < 0 ? table.rows : sorted(table.rows, order.at, order.down))];
  const rows = all.filter((row) => asked.every((word) => row.some((cell) => String(cell ?? "").toLowerCase().includes(word))));
  const editing: Editing = { document: wanted.value, set: (path, value) => void look(set(wanted.value, path, value)), settle: () => undefined, faults: faults.value };
  return (
    <div class="library">
      <div class="row find">
        <input type="search" aria-label={`Filter of ${field.label}`} placeholder="Filter by any word of the table" value={words} onInput={(event) => setWords(event.currentTarget.value)} />
        <Picker label={`Card or table for ${field.label}`} take={(list) => void takeFiles(list, field.path, (names, gesture) => put([...chosen.filter((name) => !names.includes(name)), ...names], gesture))}>
          A card or table of yours …
        </Picker>
      </div>
      <div class="asked">{table.fields.map((one) => <FieldRow key={one.path} field={{ ...one, id: `library-${one.path}` }} editing={editing} />)}</div>
      <div class="scroll" tabIndex={0} role="region" aria-label={field.label}>
        <table>
          <thead>
            <tr>
              <th><span class="visually-hidden">Chosen</span></th>
              {table.columns.map(({ label, unit, numeric = false }, at) => (
                <th key={label} scope="col" class={numeric ? "number" : ""} aria-sort={order.at !== at ? "none" : order.down ? "descending" : "ascending"}>
                  <button class="quiet" onClick={() => setOrder({ at, down: order.at === at ? !order.down : numeric })}>{label}{unit && ` (${unit})`}{order.at === at && (order.down ? " ↓" : " ↑")}</button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const name = String(row[0]);
              const has = chosen.includes(name);
              return (
                <tr key={name}>
                  <td><input type="checkbox" aria-label={name} checked={has} onChange={() => put(has ? chosen.filter((other) => other !== name) : [...chosen, name])} /></td>
                  {row.map((cell, at) => <td key={at} class={table.columns[at]?.numeric ? "number" : ""}>{cell}</td>)}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p class="soft">{rows.length} of {all.length}</p>
    </div>
  );
}
