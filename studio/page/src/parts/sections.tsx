/** Sections of a page as the server describes them: facts, tables, plots, findings, words. */

import type { ComponentChildren } from "preact";
import { lazy } from "./lazy";
import { PlotView } from "./plot";
import { Picture } from "./picture";
import type { Cell, Fact, Figure, Finding, Section, Table, TableSection } from "../types";

/** A text in which what stands in braces behind a low line is lowered. */
export const rich = (text: string): ComponentChildren =>
  text.includes("_{") ? text.split(/_\{([^}]*)\}/).map((part, at) => (at % 2 ? <sub key={at}>{part}</sub> : part)) : text;
const bare = (text: string): string => text.replace(/_\{([^}]*)\}/g, " $1");

export function Facts({ rows }: { rows: readonly Fact[] }) {
  return (
    <dl class="facts">
      {rows.map((row) => (
        <div key={row.label} title={row.help ?? undefined}>
          <dt>{rich(row.label)}</dt>
          <dd class="number">{rich(row.text)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Findings({ items }: { items: readonly Finding[] }) {
  return (
    <ul class="findings">
      {items.map((item, index) => (
        <li key={index} class={item.severity ?? "doubt"}>
          {item.where && <span class="where">{rich(item.where)}: </span>}
          {rich(item.text)}
        </li>
      ))}
    </ul>
  );
}

const shown = (cell: Cell): ComponentChildren => (cell === null ? "" : typeof cell === "number" ? String(Number(cell.toPrecision(5))) : rich(cell));

export function Figures({ items, stale = false }: { items: readonly Figure[]; stale?: boolean }) {
  return (
    <dl class={stale ? "figures stale" : "figures"}>
      {items.map((item) => (
        <div key={item.key ?? item.label} class={item.kind ?? ""} data-key={item.key}>
          <dt>{rich(item.label)}</dt>
          <dd class="number">{rich(item.text)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function TableView({ table, load }: { table: TableSection; load?: ((device: Table) => void) | undefined }) {
  const documents = load && table.documents?.some(Boolean) ? table.documents : null;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={bare(table.title ?? "Table")}>
      <table>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column.label} scope="col" class={column.numeric ? "number" : ""}>
                {rich(column.label)}
                {column.unit && <span class="soft"> ({column.unit})</span>}
              </th>
            ))}
            {documents && <th><span class="visually-hidden">Open</span></th>}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, at) => <td key={at} class={typeof cell === "number" || table.columns[at]?.numeric ? "number" : ""}>{shown(cell)}</td>)}
              {documents && <td><LoadButton device={documents[index] ?? null} load={load} /></td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LoadButton({ device, load }: { device: Table | null; load: ((device: Table) => void) | undefined }) {
  return device && load ? <button onClick={() => load(device)}>Open this device</button> : null;
}

const Viewer = lazy(() => import("../view/viewer"));

function inner(section: Section, load?: (device: Table) => void): ComponentChildren {
  switch (section.kind) {
    case "facts":
      return <Facts rows={section.rows} />;
    case "figures":
      return <Figures items={section.items} />;
    case "table":
      return <TableView table={section} load={load} />;
    case "findings":
      return <Findings items={section.items} />;
    case "list":
      return <ul class="plain">{section.items.map((text, index) => <li key={index}>{rich(text)}</li>)}</ul>;
    case "text":
      return section.text.split("\n\n").map((text, index) => <p key={index}>{rich(text)}</p>);
    case "picture":
      return <Picture svg={section.svg} alt={bare(section.alt ?? section.title ?? "")} caption={section.caption ? rich(section.caption) : null} width={section.width_mm ?? null} />;
    case "bodies":
      return <Viewer bodies={section} />;
    default:
      return null;
  }
}

export function Sections({ sections, load }: { sections: readonly Section[]; load?: (device: Table) => void }) {
  return (
    <div class="sections">
      {sections.map((section, index) =>
        section.kind === "plot" ? (
          <PlotView key={`${index}-${section.plot.id}`} plot={section.plot} />
        ) : (
          <section key={index} class={`panel kind-${section.kind}`}>
            {section.title && <header><h2>{rich(section.title)}</h2></header>}
            {section.note && <p class="soft note">{section.note}</p>}
            {inner(section, load)}
          </section>
        ),
      )}
    </div>
  );
}
