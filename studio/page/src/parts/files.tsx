/** A field whose value is a file, or several: of the project, or chosen from this computer. */

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { encoded } from "../api";
import { get } from "../state/paths";
import { addFiles, project } from "../state/project";
import type { Field, Files } from "../types";
import type { Editing } from "./fields";

const SEPARATOR = "; ";

interface Picking {
  /** What its list of files is for, in words. */
  label: string;
  take: (files: File[]) => void;
  id?: string;
  describedby?: string;
  many?: boolean;
  accept?: string;
  main?: boolean;
  children: ComponentChildren;
}

/** A button that opens the dialog for files of this computer. */
export function Picker({ label, take, id, describedby, many = false, accept = "", main = false, children }: Picking) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button id={id} class={main ? "main" : ""} aria-describedby={describedby} onClick={() => picker.current?.click()}>{children}</button>
      <input
        ref={picker}
        type="file"
        hidden
        multiple={many}
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          // The list is emptied with the control, before its files are read.
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = "";
          if (files.length) take(files);
        }}
      />
    </>
  );
}

/** Names that were chosen, each with a button that leaves it out. */
export function Chips({ names, leave, words = (name) => name }: { names: readonly string[]; leave: (kept: string[]) => void; words?: (name: string) => string }) {
  return (
    <div class="chips">
      {names.map((name) => (
        <span key={name} class="chip">{words(name)}<button class="quiet icon" aria-label={`Leave out ${words(name)}`} onClick={() => leave(names.filter((other) => other !== name))}>×</button></span>
      ))}
    </div>
  );
}

/** Puts files beside the device, and their names into a field: one step. */
export async function takeFiles(list: readonly File[], path: string, put: (names: string[], gesture: string) => void): Promise<void> {
  const added: Files = {};
  for (const file of list) added[file.name] = await encoded(file);
  const gesture = `files ${path}`;
  addFiles(added, gesture);
  put(Object.keys(added), gesture);
}

export function FileField({ field, editing }: { field: Field; editing: Editing }) {
  const raw = get(editing.document, field.path);
  const chosen = typeof raw === "string" && raw !== "" ? raw.split(/\s*;\s*/) : [];
  const others = Object.keys(project.value.files).filter((name) => !chosen.includes(name));
  const put = (names: readonly string[], gesture: string | null = null): void => editing.set(field.path, names.length ? names.join(SEPARATOR) : undefined, gesture);
  const add = (names: readonly string[], gesture: string | null = null): void => {
    put(field.many ? [...new Set([...chosen, ...names])] : names.slice(0, 1), gesture);
    editing.settle();
  };
  return (
    <div class="files">
      <Chips names={chosen} leave={put} />
      {others.length > 0 && (
        <select aria-label={`${field.label}: file of the project`} value="" onChange={(event) => add([event.currentTarget.value])}>
          <option value="">Beside the device …</option>
          {others.map((name) => <option key={name} value={name}>{name}</option>)}
        </select>
      )}
      <Picker
        id={`field-${field.id ?? field.path}`}
        describedby={`help-${field.id ?? field.path}`}
        label={`Files for ${field.label}`}
        many={field.many ?? false}
        take={(files) => void takeFiles(files, field.path, add)}
      >
        Choose {field.many ? "files" : "a file"} …
      </Picker>
    </div>
  );
}
