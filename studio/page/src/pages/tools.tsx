/** A page of tools as the server describes it: a form, files of one's own, an answer in sections. */

import { useEffect, useState } from "preact/hooks";
import { ask, decoded, encoded, keep, reachable } from "../api";
import { GroupForm, type Editing } from "../parts/fields";
import { Chips, Picker, takeFiles } from "../parts/files";
import { Findings, Sections } from "../parts/sections";
import { contents, keepFile } from "../state/files";
import { cancel, run, runs, type Run } from "../state/jobs";
import { placeOf, show, tools } from "../state/chosen";
import { described, request } from "../state/live";
import { equal, get } from "../state/paths";
import { device, open, project, setForm, setForms, setValue, settle } from "../state/project";
import type { Download, Fault, Field, Files, Finding, PageInfo, Table, Tool } from "../types";

const FILES = "files";
/** Endings that are named; the file dialog knows all. */
const KINDS = 4;
const formOf = (tool: Tool): Table => project.value.forms[tool.id] ?? {};
const filesOf = (tool: Tool): Files => (formOf(tool)[FILES] ?? {}) as Files;

/** The fields of a tool; where they follow the device, as the server describes them for this one. */
function useFields(tool: Tool): Field[] {
  const [fields, setFields] = useState(tool.fields);
  const { value: document } = device;
  useEffect(() => {
    if (!tool.fields_follow_device) return undefined;
    const stop = new AbortController();
    void ask<{ fields: Field[] }>(`/api/tools/${tool.id}/describe`, request(), stop.signal)
      .then((found) => setFields(found.fields))
      .catch(() => undefined);
    return () => stop.abort();
  }, [tool.id, document]);
  return fields;
}

/** What is asked, its fields that are still empty, and what the tool waits for in words. */
function asked(tool: Tool, fields: readonly Field[]): { form: Table; empty: Field[]; waits: string[]; key: string } {
  const { [FILES]: dropped, ...form } = formOf(tool);
  for (const field of fields) {
    if (get(form, field.path) === undefined && field.value !== undefined && field.value !== null) form[field.path] = field.value;
  }
  const empty = fields.filter(({ required, path }) => required && get(form, path) === undefined);
  const file = tool.accepts !== null && Object.keys(filesOf(tool)).length === 0 ? ["a file"] : [];
  const key = JSON.stringify([tool.id, form, dropped ?? {}, tool.device ? device.value : null, project.value.files]);
  return { form, empty, waits: [...file, ...empty.map(({ label }) => label)], key };
}

function trySample(tool: Tool, sample: NonNullable<Tool["sample"]>): void {
  setForms(tool.id, { ...formOf(tool), ...sample.request, [FILES]: { [sample.name]: keepFile(sample.base64) } });
}

/** Files that other tools hold and this one does not: all of one tool together, or each alone. */
function elsewhere(tool: Tool): Files[] {
  const own = filesOf(tool);
  const sets = Object.values(project.value.forms).map((form) => (form[FILES] ?? {}) as Files);
  const each = tool.many ? sets : sets.flatMap((files) => Object.entries(files).map((one) => Object.fromEntries([one])));
  const more = each.filter((files) => Object.entries(files).some(([name, content]) => own[name] !== content));
  return more.filter((files, at) => more.findIndex((other) => equal(other, files)) === at);
}

const put = (tool: Tool, added: Files): void => setForm(tool.id, FILES, tool.many ? { ...filesOf(tool), ...added } : added);

async function take(tool: Tool, list: readonly File[]): Promise<void> {
  const added: Files = {};
  for (const file of tool.many ? list : list.slice(0, 1)) added[file.name] = keepFile(await encoded(file));
  if (Object.keys(added).length) put(tool, added);
}

function DropZone({ tool }: { tool: Tool }) {
  return (
    <div class="drop">
      <Picker label={`Files for ${tool.title}`} many={tool.many ?? false} accept={tool.accepts ?? ""} take={(files) => void take(tool, files)}>
        Choose {tool.many ? "files" : "a file"} …
      </Picker>
      {tool.sample && <button onClick={() => tool.sample && trySample(tool, tool.sample)}>Try an example</button>}
      <span class="soft">or drop {tool.many ? "them" : "it"} here ({tool.accepts?.split(",").slice(0, KINDS).join(", ")} and others)</span>
      {elsewhere(tool).map((files) => {
        const [first = "", ...rest] = Object.keys(files);
        return <button key={first} onClick={() => put(tool, files)}>Take {rest.length < 3 ? [first, ...rest].join(", ") : `${first} and ${rest.length} more`}</button>;
      })}
      <Chips names={Object.keys(filesOf(tool))} leave={(kept) => setForm(tool.id, FILES, Object.fromEntries(kept.map((name) => [name, filesOf(tool)[name] ?? ""])))} />
    </div>
  );
}

function Progress({ tool, state }: { tool: Tool; state: Run }) {
  const progress = state.progress;
  return (
    <div class="progress" role="status">
      <progress {...(progress?.total ? { value: progress.done, max: progress.total } : {})} />
      <span class="soft">{progress?.text ?? "Working …"}{progress?.total ? ` (${progress.done} of ${progress.total})` : ""}</span>
      {tool.job && <button onClick={() => cancel(tool.id)}>Cancel</button>}
    </div>
  );
}

/** A card becomes the material of a part: one step. */
async function use(card: Download, path: string): Promise<void> {
  await takeFiles([new File([card.text ?? ""], card.name)], path, ([name], gesture) => setValue(path, name, gesture));
  settle();
  show(path);
}

function Downloads({ files }: { files: readonly Download[] }) {
  const parts = (described.value?.groups ?? []).flatMap(({ fields }) => fields.filter(({ kind }) => kind === "material"));
  return (
    <div class="row">
      {files.map((file) => (
        <button
          key={file.name}
          onClick={() => keep(new Blob([file.base64 === undefined ? (file.text ?? "") : decoded(file.base64)]), file.name)}
        >
          Save {file.name}
        </button>
      ))}
      {files.filter(({ card }) => card).map((card) => (
        <select key={card.name} aria-label={`Use ${card.name}`} value="" onChange={(event) => void use(card, event.currentTarget.value)}>
          <option value="">Use {card.name} in …</option>
          {parts.map(({ path }) => <option key={path} value={path}>{placeOf(path)}</option>)}
        </select>
      ))}
    </div>
  );
}

/** A fault under the label of its field, or of its place in the device. */
function seen({ path, words, message }: Fault, fields: readonly Field[]): Finding {
  const field = fields.find((one) => one.path === path);
  const where = field?.label ?? (path && placeOf(path));
  return where ? { where, text: words || message } : { text: message };
}

function Answer({ tool, state, asked: key, fields }: { tool: Tool; state: Run; asked: string; fields: readonly Field[] }) {
  const { answer } = state;
  const current = state.answered === key;
  const rest = (answer?.sections ?? []).findIndex(({ kind }) => kind !== "text");
  const said = rest < 0 ? 0 : rest;
  const load = (found: Table): void => {
    open(found, project.value.text, project.value.name);
    location.hash = "#device";
  };
  return (
    <div class="answer" aria-live="polite">
      {state.state === "running" && <Progress tool={tool} state={state} />}
      {state.text && state.faults.length === 0 && (
        <p class="fault" role="alert">{state.text}{state.lost && reachable.value ? " It is back: compute again." : ""}</p>
      )}
      {state.faults.length > 0 && <Findings items={state.faults.map((fault) => ({ ...seen(fault, fields), severity: "error" }))} />}
      {answer && (
        <div class={current ? "result" : "result stale"} data-stale={!current}>
          {!current && state.state !== "running" && <p class="panel soft">This answer belongs to what was set before.</p>}
          {said > 0 && <Sections sections={answer.sections.slice(0, said)} load={load} />}
          {(answer.files?.length ?? 0) > 0 && <Downloads files={answer.files ?? []} />}
          {answer.document && <button class="main" onClick={() => answer.document && load(answer.document)}>Open as the device</button>}
          <Sections sections={answer.sections.slice(said)} load={load} />
        </div>
      )}
    </div>
  );
}

/** What stands in the place of an answer until there is one. */
function Before({ tool, waits }: { tool: Tool; waits: readonly string[] }) {
  return (
    <section class="panel before">
      <header><h2>What it answers</h2></header>
      {(tool.about ?? [tool.text]).map((text, index) => <p key={index}>{text}</p>)}
      {tool.device && <p class="soft">It takes the device that is open: {project.value.name || "without a name"}.</p>}
      {tool.accepts !== null && <p class="soft">It reads {tool.many ? "files" : "a file"} of yours, which {tool.many ? "stay" : "stays"} on this computer.</p>}
      <p class="soft">
        {tool.job ? "Compute begins; it shows how far it is and can be cancelled." : waits.length ? "It answers as soon as nothing is missing." : "It answers by itself."}
      </p>
    </section>
  );
}

function ToolView({ tool }: { tool: Tool }) {
  const fields = useFields(tool);
  const { form, empty, waits, key } = asked(tool, fields);
  const [over, setOver] = useState(false);
  const state = runs.value.get(tool.id);
  const current = state?.asked === key;
  const busy = current && state.state === "running";
  const go = (): void => {
    if (!busy) void run(tool, key, form, contents(filesOf(tool)));
  };
  useEffect(() => {
    if (tool.job || waits.length || (current && !(state?.lost && reachable.value))) return undefined;
    const timer = window.setTimeout(go, 200);
    return () => window.clearTimeout(timer);
  }, [key, reachable.value]);
  const editing: Editing = {
    document: form,
    set: (path, value, gesture = null) => setForm(tool.id, path, value, gesture),
    settle,
    faults: new Map([
      ...(Object.keys(formOf(tool)).length ? empty : []).map(({ path, help }): [string, string] => [path, `Still empty. ${help}`]),
      ...(state?.faults ?? []).map(({ path, words, message }): [string, string] => [path, words || message]),
    ]),
    fixes: new Map((state?.faults ?? []).map((fault) => [fault.path, fault.fixes ?? []])),
  };
  const drops = tool.accepts === null ? {} : {
    onDragOver: (event: DragEvent) => (event.preventDefault(), setOver(true)),
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => (event.preventDefault(), setOver(false), void take(tool, [...(event.dataTransfer?.files ?? [])])),
  };
  return (
    <div class={over ? "work over" : "work"} {...drops}>
      <section class="panel tool" data-tool={tool.id}>
        <header><h2>{tool.title}</h2><p class="soft">{tool.text}</p></header>
        {tool.accepts !== null && <DropZone tool={tool} />}
        {waits.length > 0 && <p class="soft">Waits for: {waits.join(", ")}.</p>}
        {fields.length > 0 && <GroupForm fields={fields} editing={editing} help />}
        {tool.job && <button class="main" disabled={waits.length > 0} aria-disabled={busy} onClick={go}>Compute</button>}
      </section>
      {state ? <Answer tool={tool} state={state} asked={key} fields={fields} /> : <Before tool={tool} waits={waits} />}
    </div>
  );
}

export function ToolsPage({ page }: { page: PageInfo }) {
  const tool = page.tools.find(({ id }) => id === tools.value[page.id]) ?? page.tools[0];
  return (
    <div class="tools-page">
      <header class="intro"><h1>{page.title}</h1><p class="soft">{page.text}</p></header>
      {page.tools.length > 1 && (
        <nav class="choices" aria-label={page.title}>
          {page.tools.map(({ id, title }) => (
            <button key={id} class="quiet" data-tool={id} aria-pressed={id === tool?.id} onClick={() => { tools.value = { ...tools.value, [page.id]: id }; }}>{title}</button>
          ))}
        </nav>
      )}
      {tool && <ToolView key={tool.id} tool={tool} />}
    </div>
  );
}
