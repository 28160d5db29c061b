/** What the strokes of a plot mean. */

import type { Plot, Series } from "../types";
import { DASHES } from "./strokes";

/** Names with the part after an underscore as a subscript. */
export function Name({ text }: { text: string }) {
  return <span>{text.split(/_([A-Za-z0-9]+)/).map((part, i) => (i % 2 ? <sub key={i}>{part}</sub> : part))}</span>;
}

export function Stroke({ index, dash, points = false }: { index: number; dash: number; points?: boolean }) {
  return (
    <svg class={`series-${index}`} viewBox="0 0 22 8" aria-hidden="true">
      {points ? <circle cx="11" cy="4" r="3" /> : <path d="M0 4h22" stroke-dasharray={DASHES[dash]?.map((part) => part / 2).join(" ")} />}
    </svg>
  );
}

interface Entry {
  series: Series;
  index: number;
}

export function entries(plot: Plot): Entry[] {
  const named = new Map(plot.series.map((series, i) => [series.label, { series, index: (series.index ?? i) % 6 }]));
  return plot.series.length > 1 ? [...named.values()].filter(({ series }) => series.label !== "") : [];
}

const beyond = (plot: Plot): boolean => plot.series.some(({ extrapolated }) => extrapolated?.some(Boolean));

/** Plots with the same signature share one legend. */
export const signature = (plot: Plot): string =>
  JSON.stringify([entries(plot).map(({ series, index }) => [series.label, index, series.dash, series.kind]), beyond(plot)]);

export function Legend({ plot }: { plot: Plot }) {
  const names = entries(plot);
  if (names.length === 0 && !beyond(plot)) return null;
  return (
    <figcaption class="legend">
      {names.map(({ series, index }) => (
        <span key={series.label}>
          <Stroke index={index} dash={series.dash ?? 0} points={series.kind === "points"} />
          <Name text={series.label} />
        </span>
      ))}
      {beyond(plot) && (
        <span>
          <svg class="beyond" viewBox="0 0 22 8" aria-hidden="true"><path d="M2 4h19" stroke-dasharray="0.1 4.5" /></svg>
          beyond measured data
        </span>
      )}
    </figcaption>
  );
}
