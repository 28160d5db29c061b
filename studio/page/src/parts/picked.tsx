/** Names to pick, each perhaps with a value: shown in words, kept as the names that the server knows, "a=2 mm; b=3 K". */

import { useState } from "preact/hooks";
import { get } from "../state/paths";
import { idOf } from "../state/numbers";
import type { Field } from "../types";
import type { Editing } from "./fields";

const SEPARATOR = "; ";

export function PickedField({ field, editing }: { field: Field; editing: Editing }) {
  const [value, setValue] = useState("");
  const [name, setName] = useState("");
  const raw = get(editing.document, field.path);
  const items = typeof raw === "string" ? raw.split(/\s*[;,]\s*/).filter(Boolean) : [];
  const options = field.options ?? [];
  const nameOf = (item: string): string => item.split("=")[0] ?? item;
  const words = (item: string): string => {
    const label = options.find((option) => option.value === nameOf(item))?.label ?? nameOf(item);
    return field.valued ? `${label} = ${item.slice(nameOf(item).length + 1)}` : label;
  };
  const put = (next: readonly string[]): void => editing.set(field.path, next.length ? next.join(SEPARATOR) : undefined);
  const add = (picked: string, of: string): void => {
    if (picked === "" || (field.valued && of.trim() === "")) return;
    put([...items.filter((item) => nameOf(item) !== picked), field.valued ? `${picked}=${of.trim()}` : picked]);
    setName("");
    setValue("");
  };
  const id = idOf(field);
  return (
    <div class="picks">
      {items.map((item) => (
        <span key={item} class="chip">
          {words(item)}
          <button class="quiet icon" aria-label={`Leave out ${words(item)}`} onClick={() => put(items.filter((other) => other !== item))}>×</button>
        </span>
      ))}
      <select
        id={`field-${id}`}
        value={name}
        aria-invalid={editing.faults.has(field.path)}
        aria-describedby={`help-${id}`}
        onChange={(event) => (field.valued ? setName(event.currentTarget.value) : add(event.currentTarget.value, ""))}
      >
        <option value="">{field.default_text || "Add …"}</option>
        {options.filter((option) => !items.some((item) => nameOf(item) === option.value)).map((option) => (
          <option key={String(option.value)} value={String(option.value)}>{option.label}</option>
        ))}
      </select>
      {field.valued && name !== "" && (
        <input
          aria-label={`Value of ${words(`${name}=`)}`}
          placeholder="Value with its unit"
          value={value}
          onInput={(event) => setValue(event.currentTarget.value)}
          onChange={(event) => add(name, event.currentTarget.value)}
        />
      )}
    </div>
  );
}
