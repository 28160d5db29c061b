/** A first device in five steps, the keys, and where everything else is written. */

import { info } from "../state/info";

const STEPS = [
  ["Open a device", "File, then an example or a TOML file of your own. The drawing at the left is to scale."],
  ["Choose a part", "Click it in the drawing or in the list below. Its numbers stand in the form, each with a slider whose ends can be typed."],
  ["Move a slider", "Curves and drawing follow. While they are computed the old ones are faint; dotted curves leave the range in which a material was measured."],
  ["See what matters", "The bars say what one per cent of each number changes. Keep a variant to compare, or paste measured points."],
  ["Take it home", "File, then the report, the tables, or the TOML file, which the command line reads: ioffe run device.toml."],
] as const;

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
          {STEPS.map(([title, text]) => (
            <li key={title}><strong>{title}.</strong> {text}</li>
          ))}
        </ol>
        <a class="button" href="#device">To the device</a>
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
