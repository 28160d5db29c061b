/** The guided example of a first visit: five steps below the header, each with the part of the page that it is about. */

import { signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { choice } from "../state/storage";

const SEEN = "guide";
export const STEPS = [
  { title: "Open a device", text: "File, then an example or a TOML file of your own; a first one is open already. The drawing at the left is to scale." },
  { title: "Choose a part", text: "Click it in the drawing or in the list below. Its numbers stand in the form, each with a slider whose ends can be typed." },
  { title: "Move a slider", text: "Curves and drawing follow. While they are computed the old ones are faint; dotted curves leave the range in which a material was measured." },
  { title: "See what matters", text: "The bars say what one per cent of each number changes. Keep a variant to compare, or paste measured points." },
  { title: "Take it home", text: "File, then the report, the tables, or the TOML file, which the command line reads: ioffe run device.toml." },
] as const;

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
  const step = number === null ? undefined : STEPS[number];
  // the style sheet marks the part that a step is about
  useLayoutEffect(() => {
    document.documentElement.dataset.guide = step ? String(number) : "";
    return () => { document.documentElement.dataset.guide = ""; };
  }, [number]);
  if (number === null || !step) return null;
  const last = number === STEPS.length - 1;
  return (
    <section class="guide" aria-label="Guide" onKeyDown={({ key }) => key === "Escape" && end()}>
      <p aria-live="polite"><strong>{number + 1} of {STEPS.length}: {step.title}.</strong> {step.text}</p>
      <button class="quiet" disabled={number === 0} onClick={() => { shown.value = number - 1; }}>Back</button>
      <button onClick={() => { if (last) end(); else shown.value = number + 1; }}>{last ? "Done" : "Next"}</button>
      <button class="quiet icon" aria-label="Close the guide" onClick={end}>×</button>
    </section>
  );
}
