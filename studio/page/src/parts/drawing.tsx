/** The device to scale, from its description: a click on a part opens its form, a drag changes the number behind it. */

import { useRef, useState } from "preact/hooks";
import type { Drag, Drawing, Shape } from "../types";

interface Handlers {
  chosen: string;
  choose: (group: string) => void;
  drag: (drag: Drag, value: number) => void;
  settle: () => void;
}

const outline = (shape: Shape): string => (shape.points ?? []).map(([x, y]) => `${x},${y}`).join(" ");

function Body({ shape }: { shape: Shape }) {
  const role = `shape ${shape.role} shade-${shape.shade ?? 0}`;
  switch (shape.kind) {
    case "line":
      return <polyline class={role} points={outline(shape)} vector-effect="non-scaling-stroke" />;
    case "polygon":
      return <polygon class={role} points={outline(shape)} vector-effect="non-scaling-stroke" />;
    case "text":
      return null;
    default:
      return <rect class={role} x={shape.x} y={shape.y} width={shape.width} height={shape.height} vector-effect="non-scaling-stroke" />;
  }
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function bounds(shape: Shape): Box {
  if (!shape.points?.length) return { x: shape.x ?? 0, y: shape.y ?? 0, width: shape.width ?? 0, height: shape.height ?? 0 };
  const xs = shape.points.map(([x]) => x);
  const ys = shape.points.map(([, y]) => y);
  return { x: Math.min(...xs), y: Math.min(...ys), width: Math.max(...xs) - Math.min(...xs), height: Math.max(...ys) - Math.min(...ys) };
}

/** Roles of the view from above, and of words beside the device, which stand in the form as well. */
const ABOVE = new Set(["plan", "strap", "footprint"]);
const BESIDE = new Set(["leader", "label"]);

function extent(shapes: readonly Shape[]): Box {
  const boxes = shapes.map(bounds);
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
  return { x, y, width: Math.max(...boxes.map((box) => box.x + box.width)) - x, height: Math.max(...boxes.map((box) => box.y + box.height)) - y };
}

export function DrawingView({ drawing, handlers }: { drawing: Drawing; handlers: Handlers }) {
  const svg = useRef<SVGSVGElement>(null);
  const [above, setAbove] = useState(false);
  const both = drawing.shapes.some(({ role }) => ABOVE.has(role));
  const shapes = drawing.shapes.filter(({ role }) => ABOVE.has(role) === (both && above) && !BESIDE.has(role));
  const box = extent(shapes);
  const margin = 0.02 * Math.max(box.width, box.height);
  const held = useRef<{ drag: Drag; from: number; at: number; moved: boolean } | null>(null);

  /** Pixels of the screen for one unit of the drawing. */
  const scale = (): number => svg.current?.getScreenCTM()?.a ?? 1;
  const down = (shape: Shape) => (event: PointerEvent) => {
    if (!shape.drag || event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    held.current = { drag: shape.drag, from: shape.drag.value, at: shape.drag.axis === "x" ? event.clientX : event.clientY, moved: false };
  };
  const move = (event: PointerEvent): void => {
    const hold = held.current;
    if (!hold) return;
    const distance = (hold.drag.axis === "x" ? event.clientX : event.clientY) - hold.at;
    if (Math.abs(distance) > 2) hold.moved = true;
    if (!hold.moved) return;
    const wanted = hold.from + (distance / scale()) * hold.drag.per_unit;
    const value = Math.min(hold.drag.maximum, Math.max(hold.drag.minimum, wanted));
    handlers.drag(hold.drag, Number(value.toPrecision(3)));
  };
  const up = (): void => {
    if (held.current?.moved) handlers.settle();
    held.current = null;
  };
  const key = (shape: Shape) => (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (shape.group) handlers.choose(shape.group);
    }
    const way = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key];
    if (way === undefined || !shape.drag) return;
    event.preventDefault();
    const { drag } = shape;
    handlers.drag(drag, Number(Math.min(drag.maximum, Math.max(drag.minimum, drag.value * 1.05 ** way)).toPrecision(3)));
  };
  return (
    <>
    <svg
      ref={svg}
      class={box.height > box.width ? "drawing tall" : "drawing"}
      viewBox={[box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin].join(" ")}
      preserveAspectRatio="xMidYMid meet"
      role="group"
      aria-label={drawing.alt ?? "Drawing of the device to scale"}
    >
      {shapes.map((shape, index) => {
        const active = Boolean(shape.group || shape.drag);
        const box = bounds(shape);
        return shape.kind === "text" ? (
          <text key={index} class={`shape-text ${shape.role}`} x={shape.x} y={shape.y} text-anchor={shape.anchor ?? "middle"} font-size={shape.size}>
            {shape.text ?? shape.label}
          </text>
        ) : (
          <g
            key={index}
            class={["part", active ? "active" : "", shape.group === handlers.chosen ? "chosen" : "", shape.drag ? `drag-${shape.drag.axis}` : ""].join(" ")}
            {...(active ? { tabindex: 0, role: "button", "aria-label": shape.label } : {})}
            data-part={shape.group ?? undefined}
            data-drag={shape.drag?.path}
            onClick={() => !held.current?.moved && shape.group && handlers.choose(shape.group)}
            onPointerDown={down(shape)}
            onPointerMove={move}
            onPointerUp={up}
            onPointerCancel={up}
            onKeyDown={active ? key(shape) : undefined}
          >
            {shape.label && <title>{shape.label}</title>}
            <Body shape={shape} />
            {active && (
              // A thin part has a wider area to hit than is drawn.
              <rect class="hit" x={box.x} y={box.y} width={Math.max(box.width, 0)} height={Math.max(box.height, 0)} vector-effect="non-scaling-stroke" />
            )}
          </g>
        );
      })}
    </svg>
    <p class="sketch-notes soft">
      <span>{[...new Set(both && above ? drawing.notes_above : drawing.notes)].join(" ")}</span>
      {both && <button class="quiet" aria-pressed={above} onClick={() => setAbove(!above)}>From {above ? "the side" : "above"}</button>}
    </p>
    </>
  );
}
