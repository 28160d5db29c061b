/** Always in view: how the solve stands, its balance and error, and every doubt. */

import { computed } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { reachable } from "../api";
import { busy, currentCurves, currentMaxima, curves, described, faults, maxima, refining, refused } from "../state/live";
import { placeOf, said, show } from "../state/chosen";
import { info } from "../state/info";
import { number } from "../state/project";
import type { Finding } from "../types";

const state = computed(() => {
  if (!reachable.value) return "lost";
  if (wrong.value.length > 0) return "fault";
  if (busy.value || !currentCurves.value) return "busy";
  return curves.value?.status.ok && doubts.value.length === 0 ? "good" : "doubt";
});

const wrong = computed<Finding[]>(() => {
  if (busy.value && faults.value.size === 0) return [];
  if (faults.value.size > 0) return [...faults.value].map(([path, text]) => ({ path, text: `${placeOf(path)}: ${text}`, severity: "error" }));
  return refused.value && !currentCurves.value ? [{ text: refused.value.text, severity: "error" }] : [];
});

const doubts = computed<Finding[]>(() => {
  const answer = currentMaxima.value ? maxima.value : curves.value;
  return (answer?.warnings ?? []).map((item) => ({ severity: "warning", ...item }));
});

const told = (seconds: number): string => (seconds > 1 ? ` ${seconds} s` : "");

function words(seconds: number): string {
  switch (state.value) {
    case "lost":
      return "No server";
    case "fault":
      return "Not computed";
    case "busy":
      if (seconds < 0 && curves.value) return curves.value.status.text;
      return `Computing …${told(seconds)}`;
    default:
      return curves.value?.status.text ?? "";
  }
}

function Drawer({ items, name, advice }: { items: readonly Finding[]; name: string; advice?: string | null | undefined }) {
  return (
    <details>
      <summary>{items.length} {items.length === 1 ? name : `${name}s`}</summary>
      <ul class="findings drawer">
        {advice && <li>{advice}</li>}
        {items.map((item, index) => (
          <li key={index} class={item.severity ?? "warning"}>
            {item.text}
            {item.path && described.value && <button class="quiet" onClick={() => show(item.path ?? "")}>Show the field</button>}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Seconds since a computation began; -1 for the moment in which most of them end. */
function useSeconds(running: boolean): number {
  const [seconds, count] = useState(-1);
  useEffect(() => {
    count(-1);
    if (!running) return undefined;
    const begun = performance.now();
    const timer = window.setInterval(() => count(Math.floor((performance.now() - begun) / 1000)), 150);
    return () => window.clearInterval(timer);
  }, [running]);
  return seconds;
}

export function StatusBar() {
  const seconds = useSeconds(state.value === "busy" || refining.value);
  const answer = currentMaxima.value ? maxima.value : curves.value;
  const advice = curves.value?.status.advice;
  const meaning = (label: string): string | undefined => info.value?.words.find((one) => one.label === label)?.text;
  return (
    <footer class="status" data-state={state.value} data-number={number.value}>
      <span class="what" role="status" title={meaning(words(seconds))}><span class="light" /><span class="words">{words(seconds)}</span></span>
      {wrong.value.length > 0 && <Drawer items={wrong.value} name="fault" />}
      {answer && (
        <span class={currentCurves.value ? "what wide" : "what wide stale"}>
          {answer.balance && <span class="number" title={meaning("Energy balance")}>energy balance {answer.balance.text}</span>}
          {answer.error && <span class="number" title={meaning("Error")}>error {answer.error.text}</span>}
        </span>
      )}
      {wrong.value.length === 0 && doubts.value.length > 0 && <Drawer items={doubts.value} name="warning" advice={advice} />}
      {said.value && <span class="said" role="status">{said.value}</span>}
      <span class="end number" title={meaning(info.value?.engine.text ?? "")}>
        {refining.value ? `maxima follow …${state.value === "busy" ? "" : told(seconds)} ` : ""}
        {info.value?.engine.text}
        {curves.value ? ` · ${Math.round(1000 * curves.value.engine.seconds)} ms` : ""}
      </span>
    </footer>
  );
}
