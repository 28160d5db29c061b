/** A field whose value is a file, or several: of the project, or chosen from this computer. */

import { useRef } from "preact/hooks";
import { encoded } from "../api";
import { get } from "../state/paths";
import { addFiles, project } from "../state/project";
import type { Field, Files } from "../types";
import type { Editing } from "./fields";

const SEPARATOR = "; ";

export function FileField({ field, editing }: { field: Field; editing: Editing }) {
  const picker = useRef<HTMLInputElement>(null);
  const raw = get(editing.document, field.path);
  const chosen = typeof raw === "string" && raw !== "" ? raw.split(/\s*;\s*/) : [];
  const others = Object.keys(project.value.files).filter((name) => !chosen.includes(name));
  const put = (names: readonly string[]): void => editing.set(field.path, names.length ? names.join(SEPARATOR) : undefined);
  const add = (names: readonly string[]): void => put(field.many ? [...new Set([...chosen, ...names])] : names.slice(0, 1));
  const take = async (list: readonly File[]): Promise<void> => {
    const added: Files = {};
    for (const file of list) added[file.name] = await encoded(file);
    if (list.length === 0) return;
    addFiles(added);
    add(Object.keys(added));
  };
  return (
    <div class="files">
      {chosen.map((name) => (
        <span key={name} class="chip">{name}<button class="quiet icon" aria-label={`Leave out ${name}`} onClick={() => put(chosen.filter((other) => other !== name))}>×</button></span>
      ))}
      {others.length > 0 && (
        <select aria-label={`${field.label}: file of the project`} value="" onChange={(event) => add([event.currentTarget.value])}>
          <option value="">Beside the device …</option>
          {others.map((name) => <option key={name} value={name}>{name}</option>)}
        </select>
      )}
      <button id={`field-${field.id ?? field.path}`} aria-describedby={`help-${field.id ?? field.path}`} onClick={() => picker.current?.click()}>Choose {field.many ? "files" : "a file"} …</button>
      <input
        ref={picker}
        type="file"
        hidden
        multiple={field.many ?? false}
        aria-label={`Files for ${field.label}`}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = "";
          void take(files);
        }}
      />
    </div>
  );
}
