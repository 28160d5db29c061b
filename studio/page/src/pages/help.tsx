/** A first device in five steps, the keys, and where everything else is written. */

import { STEPS, beginTour } from "../parts/tour";
import { info } from "../state/info";

const KEYS = [
  ["Ctrl + Z, Ctrl + Y", "undo, redo; also after a reload"],
  ["Tab, Enter", "from part to part of the drawing, open its form"],
  ["Arrow keys", "move a slider, or the size of a part that can be dragged"],
  ["Mouse in a plot", "drag to zoom, double click to go back; the arrows at its corner enlarge it"],
] as const;

export function HelpPage() {
  return (
    <div class="help">
      <header class="intro"><h1>Help</h1></header>
      <section class="panel">
        <header><h2>A device in five steps</h2></header>
        <ol class="steps">
          {STEPS.map(({ title, text }) => (
            <li key={title}><strong>{title}.</strong> {text}</li>
          ))}
        </ol>
        <button onClick={beginTour}>Show them on the device</button>
      </section>
      <section class="panel">
        <header><h2>Keys</h2></header>
        <dl class="facts">
          {KEYS.map(([key, text]) => <div key={key}><dt>{key}</dt><dd>{text}</dd></div>)}
        </dl>
      </section>
      <section class="panel">
        <header><h2>About</h2></header>
        <p>
          ioffe {info.value?.version}. {info.value?.engine.text} Everything is computed on your own machine; your work is
          kept in this browser and nowhere else. <a href="./licences.txt">Licences of the packages in this page</a>
        </p>
      </section>
    </div>
  );
}
