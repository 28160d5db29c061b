/** The guided example of a first visit: five steps below the header, each with the part of the page that it is about. */

import { computed, signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { info } from "../state/info";
import { choice } from "../state/storage";

const SEEN = "guide";
export const steps = computed(() => info.value?.steps ?? []);

/** The step that is shown; none after the guide was closed. */
const shown = signal<number | null>(choice.get(SEEN) === null ? 0 : null);

export function beginGuide(): void {
  shown.value = 0;
  location.hash = "#device";
}

function end(): void {
  shown.value = null;
  choice.set(SEEN, "seen");
}

export function Guide() {
  const number = shown.value;
  const step = number === null ? undefined : steps.value[number];
  // the style sheet marks the part that a step is about
  useLayoutEffect(() => {
    document.documentElement.dataset.guide = step ? String(number) : "";
    return () => { document.documentElement.dataset.guide = ""; };
  }, [step]);
  if (number === null || !step) return null;
  const last = number === steps.value.length - 1;
  return (
    <section class="guide" aria-label="Guide" onKeyDown={({ key }) => key === "Escape" && end()}>
      <p aria-live="polite"><strong>{number + 1} of {steps.value.length}: {step.label}.</strong> {step.text}</p>
      <button class="quiet" disabled={number === 0} onClick={() => { shown.value = number - 1; }}>Back</button>
      <button onClick={() => { if (last) end(); else shown.value = number + 1; }}>{last ? "Done" : "Next"}</button>
      <button class="quiet icon" aria-label="Close the guide" onClick={end}>×</button>
    </section>
  );
}
