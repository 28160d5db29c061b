import { render } from "preact";
import { App } from "./app";
import { example, learn, untilAnswered } from "./state/info";
import { follows } from "./state/live";
import { start } from "./state/project";
import { keepFile } from "./state/files";
import "./style/base.css";
import "./style/forms.css";
import "./style/device.css";
import "./style/sections.css";

const host = document.getElementById("studio");
if (host) render(<App />, host);

const info = learn();
void start(async () => {
  const [first] = (await info).examples;
  if (!first) return {};
  const { document, text, files } = await untilAnswered(() => example(first.id));
  return {
    device: document,
    text,
    name: first.id,
    files: Object.fromEntries(Object.entries(files).map(([name, content]) => [name, keepFile(content)])),
  };
}).then(follows);
