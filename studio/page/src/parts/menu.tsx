/** Open and save: the TOML file that the command line reads, and the examples. */

import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { ask, decoded, download, encoded, keep, words } from "../api";
import { example, info } from "../state/info";
import { request } from "../state/live";
import { addFiles, fileName, number, open, opened, project, removeFile, rename, started } from "../state/project";
import { contents } from "../state/files";
import type { Files, Table } from "../types";
import { Picker } from "./files";

const trouble = signal<string | null>(null);
/** What was done, where nothing of it is seen. */
const notice = signal<string | null>(null);

async function attempt(work: () => Promise<void>): Promise<void> {
  trouble.value = null;
  notice.value = null;
  try {
    await opened;
    await work();
  } catch (reason) {
    trouble.value = words(reason);
  }
}

async function openFiles(list: readonly File[]): Promise<void> {
  const [only] = list;
  if (only && list.length === 1 && /\.zip$/i.test(only.name)) return openArchive(only);
  const files: Files = {};
  let device: File | null = null;
  for (const file of list) {
    if (device === null && file.name.endsWith(".toml") && /^\s*\[(module|leg|cascade|operate)/m.test(await file.text())) device = file;
    else if (await isReadable(file)) files[file.name] = await encoded(file);
    else throw new Error(`${file.name} is neither a text nor a workbook: nothing was opened.`);
  }
  if (device === null) {
    addFiles(files);
    notice.value = `No device file is among them. Beside the device there is now: ${Object.keys(files).join(", ")}. A part names it as its material; measurements are read on the pages of the tools.`;
    return;
  }
  const { name } = device;
  const text = await device.text();
  const { document } = await ask<{ document: Table }>("/api/toml", { number: number.value, text })
    .catch((reason: unknown) => Promise.reject(new Error(`${name}: ${words(reason)}`)));
  open(document, text, stem(name), files);
}

const stem = (name: string): string => name.replace(/\.toml$/, "");

/** A project that was taken home as everything in one file. */
async function openArchive(file: File): Promise<void> {
  const found = await ask<{ document: Table; text: string; name: string; files: Files }>(
    "/api/toml", { number: number.value, files: { [file.name]: await encoded(file) } },
  );
  open(found.document, found.text, stem(found.name), found.files);
}

/** Whether a file may be a table: text, also with two bytes a letter, or a packed one. */
async function isReadable(file: File): Promise<boolean> {
  const bytes = new Uint8Array(await file.slice(0, 4096).arrayBuffer());
  const start = String.fromCharCode(...bytes.subarray(0, 2));
  return !bytes.includes(0) || ["PK", "\x1f\x8b", "\xd0\xcf", "\xff\xfe", "\xfe\xff"].includes(start);
}

/** The device as TOML, with the comments of the file it came from. */
export async function toml(): Promise<string> {
  const { device, text } = project.value;
  return (await ask<{ text: string }>("/api/toml", { number: number.value, document: device, ...(text ? { text } : {}) })).text;
}

const saveOwn = (name: string): void => {
  const content = contents(project.value.files)[name];
  if (content !== undefined) keep(new Blob([decoded(content)]), name);
};

/** Saves the device file, and says which files of the person it names and does not hold. */
async function save(): Promise<void> {
  const name = `${fileName()}.toml`;
  keep(new Blob([await toml()], { type: "application/toml" }), name);
  const said = JSON.stringify(project.value.device);
  const own = Object.keys(project.value.files).filter((file) => said.includes(JSON.stringify(file)));
  const one = own.length === 1;
  if (own.length) notice.value = `${name} names ${own.join(", ")} and does not hold ${one ? "it" : "them"}: save ${one ? "that file" : "those files"} too, by a click on ${one ? "its name" : "each name"} below, and open all of them together.`;
}

const takeHome = (format: string): Promise<void> => {
  const name = fileName();
  return download("/api/report", request({ format, name: `${name}.toml`, text: project.value.text ?? "" }), name + (format === "pictures" ? "-pictures.zip" : `.${format}`));
};

const REPORTS = [
  ["html", "Report"], ["csv", "Curves as CSV"], ["xlsx", "Workbook"], ["pictures", "Pictures"], ["json", "Results as JSON"], ["zip", "Everything"],
] as const;

export function ProjectMenu() {
  const menu = useRef<HTMLDetailsElement>(null);
  const beside = started.value ? Object.keys(project.value.files) : [];
  const close = (): void => {
    if (!menu.current?.open) return;
    const inside = menu.current.contains(document.activeElement);
    menu.current.open = false;
    if (inside) menu.current.querySelector("summary")?.focus();
  };
  const act = (work: () => Promise<void>) => () => {
    void attempt(work).then(() => {
      if (trouble.value === null && notice.value === null) close();
    });
  };
  return (
    <details
      class="menu"
      ref={menu}
      onKeyDown={({ key }) => key === "Escape" && close()}
      onFocusOut={(event) => {
        if (menu.current && event.relatedTarget && !menu.current.contains(event.relatedTarget as Node)) menu.current.open = false;
      }}
    >
      <summary class="button">File</summary>
      <div class="sheet panel">
        {trouble.value && <p class="fault" role="alert">{trouble.value}</p>}
        {notice.value && <p class="notice" role="status">{notice.value}</p>}
        <Picker main many accept=".toml,.zip,.csv,.txt,.dat,.xlsx,.json" label="Device file and the tables beside it" take={(files) => act(() => openFiles(files))()}>
          Open a device file …
        </Picker>
        {beside.length > 0 && (
          <div class="chips" aria-label="Files beside the device">
            {beside.map((name) => (
              <span key={name} class="chip"><button class="quiet" title={`Save ${name}`} onClick={() => saveOwn(name)}>{name}</button><button class="quiet icon" aria-label={`Remove ${name}`} onClick={() => removeFile(name)}>×</button></span>
            ))}
          </div>
        )}
        <label class="row name">
          Name <input value={started.value ? project.value.name : ""} onChange={(event) => rename(event.currentTarget.value.trim())} />
        </label>
        <button onClick={act(save)}>Save as TOML</button>
        <h3>Take home</h3>
        <div class="row">
          {REPORTS.map(([format, title]) => (
            <button key={format} onClick={act(() => takeHome(format))}>{title}</button>
          ))}
        </div>
        <h3>New</h3>
        <div class="row">
          {(info.value?.beginnings ?? []).map(({ id, title }) => (
            <button
              key={id}
              onClick={act(async () => {
                const made = await example(id);
                open(made.document, null, title.toLowerCase(), {});
              })}
            >
              {title}
            </button>
          ))}
        </div>
        <h3>Examples</h3>
        <ul class="examples">
          {(info.value?.examples ?? []).map(({ id, title, text }) => (
            <li key={id}>
              <button
                class="quiet"
                title={text}
                onClick={act(async () => {
                  const made = await example(id);
                  open(made.document, made.text, id, made.files);
                })}
              >
                {title}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}
