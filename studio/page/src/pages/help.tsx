/** A first device in five steps, the keys, what every quantity is, and where everything else is written. */

import { useState } from "preact/hooks";
import { beginGuide, steps } from "../parts/guide";
import { Facts } from "../parts/sections";
import { info } from "../state/info";

/** The glossary, from the server's table of quantities. */
function Quantities() {
  const [words, setWords] = useState("");
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = Object.entries(info.value?.quantities ?? {}).filter(([name, one]) => {
    const text = `${name} ${one.label} ${one.symbol} ${one.display_unit} ${one.description}`.toLowerCase();
    return asked.every((word) => text.includes(word));
  });
  return (
    <section class="panel glossary">
      <header><h2>Quantities</h2></header>
      <input type="search" aria-label="Filter the quantities" placeholder="Filter by any word" value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      <div class="scroll" tabIndex={0} role="region" aria-label="Quantities">
        <table>
          <thead><tr><th scope="col">Quantity</th><th scope="col">Symbol</th><th scope="col">Unit</th><th scope="col">What it is</th></tr></thead>
          <tbody>
            {rows.map(([name, one]) => (
              <tr key={name}><td>{one.label}<br /><code class="soft">{name}</code></td><td>{one.symbol}</td><td>{one.display_unit}</td><td>{one.description}</td></tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function HelpPage() {
  return (
    <div class="help">
      <header class="intro"><h1>Help</h1></header>
      <section class="panel">
        <header><h2>A device in five steps</h2></header>
        <ol class="steps">
          {steps.value.map(({ label, text }) => <li key={label}><strong>{label}.</strong> {text}</li>)}
        </ol>
        <button onClick={beginGuide}>Show them on the device</button>
      </section>
      <section class="panel">
        <header><h2>Keys</h2></header>
        <Facts rows={info.value?.keys ?? []} />
      </section>
      <section class="panel">
        <header><h2>Words</h2></header>
        <Facts rows={info.value?.words ?? []} />
      </section>
      <Quantities />
      <section class="panel">
        <header><h2>About</h2></header>
        <p>
          ioffe {info.value?.version}. It computes with {info.value?.engine.text}. Everything is computed on your own machine; your work is
          kept in this browser and nowhere else. <a href="./licences.txt">Licences of the packages in this page</a>
        </p>
      </section>
    </div>
  );
}
