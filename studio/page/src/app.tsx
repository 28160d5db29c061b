/** The frame of every page: where one is, what can be undone, how the solve stands. */

import { computed, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { reachable } from "./api";
import { ProjectMenu } from "./parts/menu";
import { StatusBar } from "./parts/status";
import { theme, toggleTheme } from "./parts/theme";
import { Guide } from "./parts/guide";
import { DevicePage } from "./pages/device";
import { HelpPage } from "./pages/help";
import { ToolsPage } from "./pages/tools";
import { tell } from "./state/chosen";
import { denied, info } from "./state/info";
import { canRedo, canUndo, started, step, storageFull } from "./state/project";

const address = signal(location.hash);
window.addEventListener("hashchange", () => {
  address.value = location.hash;
});
const pages = computed(() => [
  { id: "device", title: "Device" },
  ...(info.value?.pages ?? []).filter(({ id }) => id !== "device" && id !== "help"),
  { id: "help", title: "Help" },
]);
const page = computed(() => {
  const wanted = /^#([a-z-]+)/.exec(address.value)?.[1];
  return pages.value.find(({ id }) => id === wanted)?.id ?? "device";
});

/** The text that is being typed and has not been taken over: there the browser's own undo goes first. */
let typing: EventTarget | null = null;
window.addEventListener("input", ({ target }) => {
  typing = target instanceof HTMLInputElement && target.type === "range" ? null : target;
});
for (const end of ["change", "focusin"]) {
  window.addEventListener(end, () => {
    typing = null;
  });
}

function onKey(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || (typing !== null && typing === event.target)) return;
  const key = event.key.toLowerCase();
  const way = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : null;
  if (!way) return;
  event.preventDefault();
  walk(way);
}

function walk(way: "undo" | "redo"): void {
  const place = step(way);
  if (place) tell(way, place);
}

function Header() {
  return (
    <header class="header">
      <a class="brand" href="#device"><img src="./icon.svg" alt="" />ioffe studio</a>
      <nav class="nav" aria-label="Pages">
        {pages.value.map(({ id, title }) => (
          <a key={id} href={`#${id}`} {...(page.value === id ? { "aria-current": "page" as const } : {})}>{title}</a>
        ))}
      </nav>
      <div class="tools">
        <button class="quiet icon" aria-label="Undo" title="Undo (Ctrl+Z)" disabled={!canUndo.value} onClick={() => walk("undo")}>↶</button>
        <button class="quiet icon" aria-label="Redo" title="Redo (Ctrl+Y)" disabled={!canRedo.value} onClick={() => walk("redo")}>↷</button>
        <ProjectMenu />
        <button class="quiet icon" aria-label={theme.value === "dark" ? "Light theme" : "Dark theme"} onClick={toggleTheme}>
          {theme.value === "dark" ? "☀" : "☾"}
        </button>
      </div>
    </header>
  );
}

function Page() {
  switch (page.value) {
    case "device":
      return <DevicePage />;
    case "help":
      return <HelpPage />;
    default: {
      const found = info.value?.pages.find(({ id }) => id === page.value);
      return found ? <ToolsPage key={found.id} page={found} /> : null;
    }
  }
}

export function App() {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const title = pages.value.find(({ id }) => id === page.value)?.title ?? "";
  useEffect(() => {
    document.title = `${title} · ioffe studio`;
    main.current?.scrollTo(0, 0);
    document.querySelector(".nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [title]);
  return (
    <div class="frame" data-page={page.value}>
      <div>
        <Header />
        {!reachable.value && (
          <p class="banner" role="alert">The server does not answer. Your work is kept in this browser; the page goes on as soon as it is back.</p>
        )}
        {page.value === "device" && <Guide />}
        {storageFull.value && <p class="banner" role="alert">The browser has no room left to keep this project: save it to a file.</p>}
      </div>
      <main class="page" ref={main} tabIndex={-1}>
        {started.value ? <Page /> : denied.value ? <p class="fault" role="alert">{denied.value}</p> : <p class="soft">{reachable.value ? "Starting …" : ""}</p>}
      </main>
      <StatusBar />
    </div>
  );
}
