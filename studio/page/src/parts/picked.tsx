/** Names to pick, each perhaps with a value: shown in words, kept as the names that the server knows, "a=2 mm; b=3 K". */

import { useState } from "preact/hooks";
import { get } from "../state/paths";
import type { Field } from "../types";
import { control, type Editing } from "./fields";
import { Chips } from "./files";

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
  return (
    <div class="picks">
      <Chips names={items} leave={put} words={words} />
      <select
        {...control(field, editing)}
        value={name}
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
