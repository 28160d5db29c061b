/** What matters most: the change of the aim by one per cent of each number, longest bar first. */

import { currentSensitivity, sensitivity } from "../state/live";
import { show } from "../state/chosen";

export function Influences() {
  const answer = sensitivity.value;
  const rows = [...(answer?.rows ?? [])].sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)).slice(0, 6);
  const most = Math.abs(rows[0]?.effect ?? 1) || 1;
  return (
    <section class="panel influences">
      <header>
        <h3>What matters most</h3>
        {answer?.aim && <span class="soft">Change of {answer.aim.label.toLowerCase()} in per cent when one number grows by 1 %</span>}
      </header>
      {rows.length === 0 ? (
        <p class="soft">{answer ? (answer.text ?? "Nothing to compare for these conditions.") : "Follows the curves."}</p>
      ) : (
        <ol class={currentSensitivity.value ? "bars" : "bars stale"}>
          {rows.map((row) => (
            <li key={row.path}>
              <button class="quiet" onClick={() => show(row.path)} title={row.path}>{row.label}</button>
              <span class="number">{row.text}</span>
              <svg class="bar" viewBox="-100 0 200 10" preserveAspectRatio="none" aria-hidden="true">
                <line class="zero" x1="0" x2="0" y1="0" y2="10" vector-effect="non-scaling-stroke" />
                <rect
                  class={row.effect < 0 ? "less" : "more"}
                  x={Math.min(0, (100 * row.effect) / most)}
                  y="1.5"
                  width={(100 * Math.abs(row.effect)) / most}
                  height="7"
                />
              </svg>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
