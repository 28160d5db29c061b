/** A curve description drawn by uPlot: series, extrapolated parts dashed, measured points, marks, variants behind. */

import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Axis, Plot, Series } from "../types";
import { Legend } from "./legend";
import { DASHES, VARIANT } from "./strokes";
import { colour, theme } from "./theme";

type Column = (number | null)[];

/** What is drawn: each series, split where it leaves the measured range of a material, over one common x. */
interface Drawn {
  label: string;
  x: readonly number[];
  y: Column;
  series: Series;
  dashed: boolean;
}

function split(series: Series, plot: Plot): Drawn[] {
  const beyond = series.extrapolated;
  const x = series.x ?? plot.x.values ?? [];
  const one = (y: Column, dashed: boolean): Drawn => ({ label: series.label, x, y, series, dashed });
  if (!beyond?.some(Boolean)) return [one(series.values, false)];
  // The first point beyond the range closes the solid line, so that no gap opens between the two parts.
  const near = (i: number): boolean => Boolean(beyond[i]) || Boolean(beyond[i - 1]) || Boolean(beyond[i + 1]);
  const parts = [one(series.values.map((y, i) => (near(i) ? y : null)), true)];
  if (!beyond.every(Boolean)) parts.unshift(one(series.values.map((y, i) => (beyond[i] ? null : y)), false));
  return parts;
}

/** Values of one axis in the unit of another one of the same quantity. */
const between = (values: Column, from: Axis, to: Axis): Column =>
  from.unit === to.unit || !from.si || !to.si
    ? values
    : values.map((v) => (v === null ? null : ((v - (from.si?.offset ?? 0)) / (from.si?.factor ?? 1)) * (to.si?.factor ?? 1) + (to.si?.offset ?? 0)));

/** The series of another plot of the same quantities in the units of this one: mW beside W. */
export const inUnitsOf = (plot: Plot, ghost: Plot): Series[] =>
  ghost.series.map((series) => ({
    ...series,
    x: between(series.x ?? ghost.x.values ?? [], ghost.x, plot.x) as number[],
    values: between(series.values, ghost.y, plot.y),
  }));

/** Each place once, as tables are joined by their places: both sides of a step, and repeated measurements, are kept. */
function apart(x: readonly number[]): number[] {
  const seen = new Map<number, number>();
  return x.map((at) => {
    const times = seen.get(at) ?? 0;
    seen.set(at, times + 1);
    return at + times * 1e-12 * (Math.abs(at) || 1);
  });
}

function aligned(drawn: Drawn[]): uPlot.AlignedData {
  const [first] = drawn;
  if (first && drawn.every(({ x }) => x === first.x)) return [[...first.x], ...drawn.map(({ y }) => y)];
  const tables = drawn.map(({ x, y }) => [apart(x), y] as uPlot.AlignedData);
  return uPlot.join(tables, tables.map(() => [0, 2]));
}

const DOTS = [0.1, 5];

function style(item: Drawn, index: number): uPlot.Series {
  const points = item.series.kind === "points";
  const stroke = colour(`--series-${(item.series.index ?? index) % 6}`);
  const dash = item.dashed ? DOTS : DASHES[item.series.dash ?? 0];
  return {
    label: item.label,
    stroke,
    width: points ? 0 : item.series.role === VARIANT ? 1.3 : item.dashed ? 2.5 : 2,
    cap: item.dashed ? "round" : "butt",
    pxAlign: 0,
    ...(dash ? { dash } : {}),
    spanGaps: false,
    points: { show: points, size: 7, fill: colour("--panel"), stroke, width: 2 },
    ...(points ? { paths: () => null } : {}),
  };
}

const short = (value: number): string =>
  value !== 0 && (Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3)
    ? value.toExponential(1).replace("e+", "e")
    : String(Number(value.toPrecision(4)));

function axis(label: string, side: 2 | 3): uPlot.Axis {
  return {
    side,
    label,
    labelSize: 18,
    labelGap: 0,
    size: side === 2 ? 30 : (_self, values) => 17 + 7 * Math.max(2, ...(values ?? []).map((text) => text.length)),
    gap: 4,
    space: side === 2 ? 52 : 34,
    font: "12px system-ui, sans-serif",
    labelFont: "12px system-ui, sans-serif",
    stroke: colour("--soft"),
    grid: { stroke: colour("--grid"), width: 1 },
    ticks: { stroke: colour("--grid"), width: 1, size: 4 },
    values: (_self, splits) => splits.map(short),
  };
}

const titled = (axis: { label: string; unit: string }): string => (axis.unit ? `${axis.label} (${axis.unit})` : axis.label);

/** Marks of single points, such as a maximum: a ring and its words, drawn over the curves. */
function marks(plot: () => Plot): uPlot.Plugin {
  return {
    hooks: {
      draw: (u) => {
        const context = u.ctx;
        const scale = devicePixelRatio;
        context.save();
        context.setLineDash([]);
        for (const mark of plot().marks ?? []) {
          const x = u.valToPos(mark.x, "x", true);
          const y = u.valToPos(mark.y, "y", true);
          if (!Number.isFinite(x + y)) continue;
          context.strokeStyle = colour("--ink");
          context.fillStyle = colour("--panel");
          context.lineWidth = 1.5 * scale;
          context.beginPath();
          context.arc(x, y, 4 * scale, 0, 7);
          context.fill();
          context.stroke();
        }
        context.restore();
      },
    },
  };
}

const range: uPlot.Range.Function = (_u, low, high) => {
  if (low === null || high === null || !Number.isFinite(low + high)) return [0, 1];
  if (low === high) return [low - (Math.abs(low) || 1) * 0.1, high + (Math.abs(high) || 1) * 0.1];
  return uPlot.rangeNum(low, high, { min: { pad: 0.04, soft: 0, mode: 3 }, max: { pad: 0.06, soft: 0, mode: 3 } });
};

function options(plot: Plot, drawn: Drawn[], width: number, height: number, current: () => Plot): uPlot.Options {
  return {
    width,
    height,
    legend: { show: false },
    padding: [6, 10, 0, 0],
    cursor: { points: { size: 6 }, drag: { x: true, y: true, uni: 30 }, focus: { prox: 24 } },
    scales: {
      x: { time: false, ...(plot.x.scale === "log" ? { distr: 3 as const } : {}) },
      y: plot.y.scale === "log" ? { distr: 3 } : { range },
    },
    axes: [axis(titled(plot.x), 2), axis(titled(plot.y), 3)],
    series: [{ label: titled(plot.x) }, ...drawn.map(style)],
    plugins: [marks(current)],
    hooks: {
      setCursor: [
        (u) => {
          const index = u.cursor.idx;
          const out = u.root.parentElement?.parentElement?.querySelector(".readout");
          if (!out) return;
          const x = index === null || index === undefined ? null : u.data[0][index];
          const seen = new Set<string>();
          const values = drawn.flatMap((item, i) => {
            const y = index === null || index === undefined ? null : u.data[i + 1]?.[index];
            if (y === null || y === undefined || item.series.role === VARIANT || seen.has(item.label)) return [];
            seen.add(item.label);
            return [`${drawn.length > 1 ? `${item.label}: ` : ""}${short(y)}`];
          });
          out.textContent = x === null || x === undefined ? "" : `${short(x)} ${plot.x.unit} → ${values.join(", ")} ${plot.y.unit}`;
        },
      ],
    },
  };
}

interface Shown {
  plot: Plot;
  stale?: boolean;
  legend?: boolean;
}

/** Redrawn when it is given another plot: the same one costs nothing when what is around it changes. */
export function PlotView({ plot, stale = false, legend = true }: Shown) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<{ plot: uPlot; shape: string } | null>(null);
  const latest = useRef(plot);
  latest.current = plot;
  // What was there before stands behind.
  const drawn = useMemo(() => [...plot.series.entries()]
    .sort(([, a], [, b]) => Number(b.role === VARIANT) - Number(a.role === VARIANT))
    .flatMap(([i, series]) => split({ index: i, ...series }, plot)), [plot]);
  const shape = useMemo(
    () => JSON.stringify([theme.value, { ...plot.x, values: null }, plot.y, drawn.map((d) => [d.label, d.dashed, d.series.role, d.series.kind, d.series.index])]),
    [drawn, theme.value],
  );

  // Within the same commit as the form: the curve is drawn in the frame in which it arrives.
  useLayoutEffect(() => {
    const box = host.current;
    if (!box) return;
    const data = aligned(drawn);
    if (chart.current?.shape === shape) {
      chart.current.plot.setData(data);
      return;
    }
    chart.current?.plot.destroy();
    const made = new uPlot(options(plot, drawn, box.clientWidth, box.clientHeight, () => latest.current), data, box);
    chart.current = { plot: made, shape };
  }, [drawn, shape]);
  useEffect(() => {
    const box = host.current;
    if (!box) return undefined;
    const watch = new ResizeObserver(() => chart.current?.plot.setSize({ width: box.clientWidth, height: box.clientHeight }));
    watch.observe(box);
    return () => {
      watch.disconnect();
      chart.current?.plot.destroy();
      chart.current = null;
    };
  }, []);
  return (
    <figure class="panel plot" data-plot={plot.id} data-stale={stale}>
      <header>
        <h3>{plot.title}</h3>
        <span class="readout number soft end" aria-hidden="true" />
      </header>
      <div class={stale ? "canvas stale" : "canvas"} ref={host} role="img" aria-label={plot.title} />
      {legend && <Legend plot={plot} />}
    </figure>
  );
}
