/** Materials to choose from: a table of the library as the server describes it, filtered by words. */

import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../api";
import { get, type Json } from "../state/paths";
import { project } from "../state/project";
import type { Cell, Field } from "../types";
import type { Editing } from "./fields";
import { Picker, takeFiles } from "./files";

interface Library {
  columns: { label: string; unit?: string | null; numeric?: boolean }[];
  rows: Cell[][];
}
const library = signal<Library | null>(null);
const SEPARATOR = "; ";

/** A material by its name, or by its file and its sample. */
function named(raw: Json | undefined): string {
  if (typeof raw === "string" || typeof raw !== "object" || raw === null || Array.isArray(raw)) return typeof raw === "string" ? raw : "";
  return [raw.name ?? raw.file, raw.sample].filter((one) => typeof one === "string").join(": ");
}

/** One material of a part: which it is, and the library and the person's own files to choose another from. */
export function MaterialField({ field, editing }: { field: Field; editing: Editing }) {
  const chosen = useRef<HTMLDetailsElement>(null);
  const [open, setOpen] = useState(false);
  const raw = get(editing.document, field.path);
  const close = (): void => {
    if (!chosen.current?.open) return;
    chosen.current.open = false;
    chosen.current.querySelector("summary")?.focus();
  };
  return (
    <>
      <input
        id={`field-${field.id ?? field.path}`}
        value={named(raw)}
        placeholder={field.default_text ?? ""}
        aria-invalid={editing.faults.has(field.path)}
        aria-describedby={`help-${field.id ?? field.path}`}
        onChange={(event) => editing.set(field.path, event.currentTarget.value.trim() || undefined)}
      />
      <details class="choose" ref={chosen} onToggle={(event) => setOpen(event.currentTarget.open)} onKeyDown={({ key }) => key === "Escape" && close()}>
        <summary>Choose another …</summary>
        {open && (
          <MaterialsField
            field={{ ...field, id: `${field.id ?? field.path}#filter` }}
            editing={{ ...editing, set: (path, value, gesture) => {
              if (value !== undefined) editing.set(path, String(value).split(SEPARATOR).at(-1), gesture);
              close();
            } }}
          />
        )}
      </details>
    </>
  );
}

export function MaterialsField({ field, editing }: { field: Field; editing: Editing }) {
  const [words, setWords] = useState("");
  useEffect(() => {
    if (library.value === null) void ask<Library>("/api/materials").then((found) => (library.value = found)).catch(() => undefined);
  }, []);
  const raw = get(editing.document, field.path);
  const chosen = typeof raw === "string" && raw !== "" ? raw.split(/\s*;\s*/) : [];
  const table = library.value;
  if (!table?.columns) return <p class="soft">Loading …</p>;
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  const files = Object.keys(project.value.files).map((name): Cell[] => [name, ...table.columns.slice(1).map((_, at) => (at === 1 ? "own file" : ""))]);
  const all = [...files, ...table.rows];
  const rows = all.filter((row) => asked.every((word) => row.some((cell) => String(cell ?? "").toLowerCase().includes(word))));
  const put = (next: readonly string[], gesture: string | null = null): void => editing.set(field.path, next.length ? next.join(SEPARATOR) : undefined, gesture);
  const toggle = (name: string): void => put(chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name]);
  return (
    <div class="library">
      <div class="row find">
        <input
          id={`field-${field.id ?? field.path}`}
          type="search"
          placeholder="Filter by any word of the table"
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
        <Picker
          label={`Card or table for ${field.label}`}
          take={(list) => void takeFiles(list, field.path, (names, gesture) => {
            put([...chosen.filter((name) => !names.includes(name)), ...names], gesture);
            editing.settle();
          })}
        >
          A card or table of yours …
        </Picker>
      </div>
      <div class="chips">
        {chosen.map((name) => (
          <span key={name} class="chip">{name}<button class="quiet icon" aria-label={`Leave out ${name}`} onClick={() => toggle(name)}>×</button></span>
        ))}
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label={field.label}>
        <table>
          <thead>
            <tr>
              <th><span class="visually-hidden">Chosen</span></th>
              {table.columns.map(({ label, unit, numeric }) => (
                <th key={label} scope="col" class={numeric ? "number" : ""}>{label}{unit && <span class="soft"> ({unit})</span>}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const name = String(row[0]);
              return (
                <tr key={name}>
                  <td><input type="checkbox" aria-label={name} checked={chosen.includes(name)} onChange={() => toggle(name)} /></td>
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
