/** What the curves are compared with: earlier variants of the device, and measured points pasted from a table. */

import { useState } from "preact/hooks";
import { ghosts, pasted } from "../state/live";
import { change, device, keepVariant, open, project } from "../state/project";
import { Stroke } from "./legend";
import { Findings } from "./sections";
import { ofVariant } from "./strokes";

/** Figures of a variant that are told. */
const FIGURES = 3;

function Variants() {
  const { variants } = project.value;
  return (
    <div class="variants">
      <header>
        <h3>Variants</h3>
        <span class="soft">The last three stay behind as thin broken lines.</span>
      </header>
      <ul class="kept">
        {ghosts.value.map((variant, index) => (
          <li key={index}>
            <Stroke {...ofVariant(index)} />
            <button onClick={() => open(variant.device, project.value.text, project.value.name)}>{variant.name}</button>
            <button
              class="quiet icon"
              aria-label={`Forget ${variant.name}`}
              onClick={() => change({ ...project.value, variants: variants.filter((_, at) => at !== index) })}
            >
              ×
            </button>
            <p class="soft">{variant.differs}{variant.figures.length > 0 && "; "}{variant.figures.slice(0, FIGURES).map(({ label, text }) => `${label} ${text}`).join(", ")}</p>
          </li>
        ))}
      </ul>
      <button onClick={() => keepVariant(nextName(variants.map(({ name }) => name)))} disabled={variants.some((variant) => variant.device === device.value)}>
        Keep this one to compare
      </button>
    </div>
  );
}

function nextName(names: readonly string[]): string {
  const used = names.map((name) => Number(name.replace(/\D/g, "")));
  return `Variant ${Math.max(0, ...used) + 1}`;
}

function Measured() {
  const [text, setText] = useState<string | null>(null);
  const answer = pasted.value;
  const found = answer?.answer;
  return (
    <div class="measured">
      <header>
        <h3>Measured points</h3>
        <span class="soft">Paste columns with their units from a table.</span>
      </header>
      <textarea
        rows={4}
        aria-label="Measured points"
        spellcheck={false}
        placeholder={"current (A)\tvoltage (V)\n1.0\t0.21"}
        value={text ?? project.value.measured}
        onInput={(event) => setText(event.currentTarget.value)}
        onChange={(event) => {
          change({ ...project.value, measured: event.currentTarget.value });
          setText(null);
        }}
      />
      {answer?.fault && <p class="fault" role="alert">{answer.fault}</p>}
      {found && (
        <p class="soft">
          Read as {found.read_as.join(", ") || "nothing"}.{found.not_used.length > 0 && ` Not used: ${found.not_used.join(", ")}.`}
        </p>
      )}
      {found && found.findings.length > 0 && <Findings items={found.findings} />}
    </div>
  );
}

export function Compare() {
  return (
    <section class="panel compare">
      <Variants />
      <Measured />
    </section>
  );
}
