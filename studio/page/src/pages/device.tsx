/** The device page: the drawing and the form of one part at the left, what it does at the right, all of it live. */

import { computed } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { DrawingView } from "../parts/drawing";
import { Explain, GroupForm, type Editing } from "../parts/fields";
import { Influences } from "../parts/influences";
import { Compare } from "../parts/compare";
import { Legend, signature } from "../parts/legend";
import { inUnitsOf, PlotView } from "../parts/plot";
import { Figures } from "../parts/sections";
import { ofVariant, VARIANT } from "../parts/strokes";
import {
  busy, currentCurves, currentMaxima, curves, described, faults, fixes, ghosts, holding, maxima, measuredPoints,
} from "../state/live";
import { choose, shownGroup } from "../state/chosen";
import { device, setValue, setValues, settle } from "../state/project";
import type { Figure, Group, Plot } from "../types";

export const deviceEditing = (): Editing => ({
  document: device.value,
  set: (path, value, gesture = null) => {
    holding(gesture !== null);
    setValue(path, value, gesture);
  },
  settle: () => {
    holding(false);
    settle();
  },
  faults: faults.value,
  fixes: fixes.value,
});

const FAMILY = 3;

/** The way down to the shown part: at each level the parts beside the one that leads there. */
function levels(groups: readonly Group[], shown: Group): { row: Group[]; on: Group | undefined }[] {
  const parent = (item: Group): Group | undefined => {
    const before = groups.slice(0, groups.indexOf(item));
    return before.reverse().find(({ level }) => level < item.level);
  };
  const children = (of: Group | undefined): Group[] => groups.filter((item) => parent(item) === of);
  const way: Group[] = [];
  for (let at: Group | undefined = shown; at; at = parent(at)) way.unshift(at);
  return [undefined, ...way].map((of, i) => ({ row: children(of), on: way[i] })).filter(({ row }) => row.length > 0);
}

const kind = (item: Group): string => (item.title.split(":")[0] ?? item.title).replace(/,? ?(layer )?\d+$/, "");

/** The parts of a row; long lists of the same kind stand together. */
function families(row: readonly Group[]): Group[][] {
  const found: Group[][] = [];
  for (const item of row) {
    const family = row.filter((other) => kind(other) === kind(item));
    if (family.length <= FAMILY) found.push([item]);
    else if (family[0] === item) found.push(family);
  }
  return found;
}

const faulty = (item: Group): boolean => item.fields.some(({ path }) => faults.value.has(path));

function Part({ item, name, on, shown }: { item: Group; name: string; on: boolean; shown: boolean }) {
  return (
    <button
      class={on && !shown ? "quiet leads" : "quiet"}
      title={item.title}
      aria-pressed={shown}
      data-group={item.id}
      data-fault={faulty(item)}
      onClick={() => choose(item.id)}
    >
      {name}
    </button>
  );
}

/** A list of many parts of one kind: one place in the row, and which of them. */
function Family({ family, on, shown }: { family: readonly Group[]; on: Group | undefined; shown: Group }) {
  const [first] = family;
  if (!first) return null;
  const inside = family.find((item) => item === on);
  return (
    <span class="family">
      <Part item={inside ?? first} name={`${kind(first)}s`} on={inside !== undefined} shown={inside === shown} />
      {inside && (
        <select aria-label={`Which of the ${kind(first)}s`} value={inside.id} onChange={(event) => choose(event.currentTarget.value)}>
          {family.map((item) => <option key={item.id} value={item.id}>{item.title}</option>)}
        </select>
      )}
    </span>
  );
}

function Parts({ groups, shown }: { groups: readonly Group[]; shown: Group }) {
  return (
    <nav class="parts" aria-label="Parts of the device">
      {levels(groups, shown).map(({ row, on }, level) => (
        <div key={level} class="level">
          {families(row).map((family) => {
            const [item] = family;
            if (!item) return null;
            return family.length > 1
              ? <Family key={item.id} family={family} on={on} shown={shown} />
              : <Part key={item.id} item={item} name={item.title.split(":")[0] ?? item.title} on={item === on} shown={item === shown} />;
          })}
        </div>
      ))}
    </nav>
  );
}

/** A value one frame late: text in a drawing of another scale is laid out for as long as curves take to be drawn. */
function useNextFrame<T>(value: T): T {
  const [shown, show] = useState(value);
  useEffect(() => show(() => value), [value]);
  return shown;
}

function Editor() {
  const groups = described.value?.groups ?? [];
  const shown = shownGroup.value;
  const newest = curves.value && curves.value.number >= (described.value?.number ?? 0) ? curves.value.drawing : (described.value?.drawing ?? curves.value?.drawing);
  const drawing = useNextFrame(newest);
  const editing = deviceEditing();
  return (
    <aside class="editor">
      <section class={described.value && !described.value.drawing ? "panel sketch stale" : "panel sketch"}>
        {drawing ? (
          <DrawingView
            drawing={drawing}
            handlers={{
              chosen: shown?.id ?? "",
              choose,
              drag: (drag, value) => editing.set(drag.path, drag.unit === "1" || drag.unit === "" ? value : `${value} ${drag.unit}`, `drag ${drag.path}`),
              settle: editing.settle,
            }}
          />
        ) : (
          <p class="soft">The drawing comes with a device that can be built.</p>
        )}
      </section>
      <section class="panel form">
        {shown && (
          <>
            <Parts groups={groups} shown={shown} />
            <header><h2>{shown.title}</h2><Explain /></header>
            <GroupForm key={shown.id} fields={shown.fields} editing={editing} />
            {shown.actions.length > 0 && (
              <div class="actions">
                {shown.actions.map((action) => (
                  <button key={action.label} class={action.danger ? "danger" : ""} onClick={() => setValues(action.operations)}>
                    {action.label}
                  </button>
                ))}
              </div>
            )}
          </>
        )}
      </section>
    </aside>
  );
}

/** Maxima first, in the places of what the first answer said of them. */
function headline(): Figure[] {
  const found = maxima.value?.headline ?? [];
  const names = new Set(found.map(({ key, label }) => key ?? label));
  return [...found, ...(curves.value?.headline ?? []).filter(({ key, label }) => !names.has(key ?? label))];
}

const FEW = 6;

/** A plot with what the variants have in its place. */
const withVariants = (plot: Plot): Plot => ({
  ...plot,
  series: [...plot.series, ...ghosts.value.flatMap(({ label, plots }, at) => plots.filter(({ id }) => id === plot.id)
    .flatMap((other) => inUnitsOf(plot, other).map((series) => ({ ...series, ...ofVariant(at), label, role: VARIANT }))))],
});

function completed(plot: Plot): Plot {
  const points = measuredPoints(plot);
  const known = maxima.value?.number === curves.value?.number;
  const marks = known ? [...(plot.marks ?? []), ...(maxima.value?.marks[plot.id] ?? [])] : (plot.marks ?? []);
  if (points.length === 0) return { ...plot, marks };
  const measured = { label: "measured", kind: "points" as const, role: "measured", index: 5, x: points.map(({ x }) => x), values: points.map(({ y }) => y) };
  return { ...plot, marks, series: [...plot.series, measured] };
}

/** The plots of the newest answer; the same objects, which are not drawn again, while the form alone changes. */
const completePlots = computed(() => (curves.value?.plots ?? []).map(completed).map(withVariants));
const insidePlots = computed(() => [...(maxima.value?.family ?? []).map(withVariants), ...(maxima.value?.profiles ?? [])]);

interface CellOf {
  plot: Plot & { text?: string };
  stale: boolean;
  legend?: boolean;
  large: string | null;
  setLarge: (id: string | null) => void;
}

function PlotCell({ plot, stale, legend = true, large, setLarge }: CellOf) {
  return (
    <div class="cell">
      <PlotView plot={plot} stale={stale} legend={legend} />
      <button class="quiet icon enlarge" aria-label={large ? "Show all plots" : `Enlarge ${plot.title}`} onClick={() => setLarge(large ? null : plot.id)}>
        {large ? "×" : "⤢"}
      </button>
    </div>
  );
}

function Results() {
  const [large, setLarge] = useState<string | null>(null);
  const [more, setMore] = useState(false);
  const figures = headline();
  const answer = curves.value;
  const stale = !currentCurves.value;
  if (!answer) return <section class="results"><p class="panel soft">{busy.value ? "Computing the first curves …" : "No curves yet."}</p></section>;
  const inside = insidePlots.value;
  const one = [...completePlots.value, ...inside].some(({ id }) => id === large) ? large : null;
  const shownIf = ({ id }: Plot): boolean => one === null || id === one;
  const plots = completePlots.value.filter(shownIf);
  const [first, ...others] = plots;
  const shared = first && others.some((plot) => signature(plot) === signature(first)) ? signature(first) : null;
  return (
    <section class="results" data-number={answer.number} data-seconds={answer.engine.seconds} data-stale={stale} aria-label="Results" aria-busy={busy.value} onKeyDown={({ key }) => key === "Escape" && setLarge(null)}>
      <Figures items={more ? figures : figures.slice(0, FEW)} stale={stale || !currentMaxima.value} />
      {maxima.value?.of && currentMaxima.value && <p class="soft of">{maxima.value.of}</p>}
      {(shared !== null || figures.length > FEW) && (
        <div class="under">
          {shared !== null && first && <Legend plot={first} />}
          {figures.length > FEW && (
            <button class="quiet" aria-expanded={more} onClick={() => setMore(!more)}>{more ? "Fewer figures" : `${figures.length - FEW} more`}</button>
          )}
        </div>
      )}
      <div class={one ? "plots one" : "plots"}>
        {plots.map((plot) => (
          <PlotCell key={plot.id} plot={plot} stale={stale} legend={signature(plot) !== shared} large={one} setLarge={setLarge} />
        ))}
        {one === null && (
          <>
            <Influences />
            <Compare />
          </>
        )}
        {inside.filter(shownIf).map((plot) => (
          <PlotCell key={plot.id} plot={plot} stale={stale || !currentMaxima.value} large={one} setLarge={setLarge} />
        ))}
      </div>
    </section>
  );
}

export function DevicePage() {
  return (
    <div class="device">
      <Editor />
      <Results />
    </div>
  );
}
