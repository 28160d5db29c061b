/** Bodies in three dimensions: coloured by a field, turned, enlarged and cut. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Bodies } from "../types";
import { SCALE, Scene, type Look } from "./scene";

const AXES = [["x", 0], ["y", 1], ["z", 2]] as const;
const BEGIN: Look = { around: -0.6, tilt: -0.25, zoom: 1, axis: 1, cut: 1 };

function Legend({ unit, minimum, maximum }: { unit: string; minimum: number; maximum: number }) {
  const bar = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = bar.current?.getContext("2d");
    if (!context) return;
    const colours = context.createLinearGradient(0, 0, 180, 0);
    SCALE.forEach((colour, i) => colours.addColorStop(i / (SCALE.length - 1), `rgb(${colour.join(" ")})`));
    context.fillStyle = colours;
    context.fillRect(0, 0, 180, 12);
  }, []);
  const shown = (value: number): string => `${Number(value.toPrecision(4))} ${unit}`.replace("-", "−");
  return (
    <span class="scale number">
      {shown(minimum)}<canvas ref={bar} width={180} height={12} aria-hidden="true" />{shown(maximum)}
    </span>
  );
}

export default function Viewer({ bodies }: { bodies: Bodies }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scene = useRef<Scene | null>(null);
  const [field, choose] = useState(bodies.fields[0]?.id ?? "");
  const [look, setLook] = useState(BEGIN);
  const [fault, setFault] = useState<string | null>(null);
  const held = useRef<{ x: number; y: number } | null>(null);
  const described = bodies.fields.find(({ id }) => id === field) ?? bodies.fields[0];

  useEffect(() => {
    if (!canvas.current) return undefined;
    try {
      scene.current = new Scene(canvas.current, bodies.bodies);
    } catch (reason) {
      setFault(reason instanceof Error ? reason.message : String(reason));
    }
    return () => {
      scene.current?.end();
      scene.current = null;
    };
  }, [bodies]);
  useEffect(() => scene.current?.colour(field), [bodies, field]);
  useEffect(() => {
    const draw = (): void => scene.current?.draw(look, field, described?.minimum ?? 0, described?.maximum ?? 1);
    draw();
    const watch = new ResizeObserver(draw);
    if (canvas.current) watch.observe(canvas.current);
    return () => watch.disconnect();
  }, [bodies, field, look]);

  const turn = (x: number, y: number): void =>
    setLook((now) => ({ ...now, around: now.around + x, tilt: Math.min(1.5, Math.max(-1.5, now.tilt + y)) }));
  const nearer = (factor: number): void => setLook((now) => ({ ...now, zoom: Math.min(8, Math.max(0.4, now.zoom * factor)) }));
  const onKey = (event: KeyboardEvent): void => {
    const act: { [key: string]: () => void } = {
      ArrowLeft: () => turn(-0.1, 0), ArrowRight: () => turn(0.1, 0), ArrowUp: () => turn(0, 0.1), ArrowDown: () => turn(0, -0.1),
      "+": () => nearer(1.15), "-": () => nearer(1 / 1.15),
    };
    if (!act[event.key]) return;
    event.preventDefault();
    act[event.key]?.();
  };
  if (fault) return <p class="fault" role="alert">{fault}</p>;
  return (
    <div class="viewer">
      <div class="row">
        <label>
          Colour <select value={field} onChange={(event) => choose(event.currentTarget.value)}>
            {bodies.fields.map(({ id, label }) => <option key={id} value={id}>{label}</option>)}
          </select>
        </label>
        <label>
          Cut across <select value={String(look.axis)} onChange={(event) => setLook({ ...look, axis: Number(event.currentTarget.value) as Look["axis"] })}>
            {AXES.map(([name, axis]) => <option key={name} value={String(axis)}>{name}</option>)}
          </select>
        </label>
        <input
          type="range" min={0} max={100} value={100 * look.cut} aria-label="Place of the cut"
          onInput={(event) => setLook({ ...look, cut: Number(event.currentTarget.value) / 100 })}
        />
        {described && <Legend unit={described.unit} minimum={described.minimum} maximum={described.maximum} />}
      </div>
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={`The device coloured by ${described?.label ?? "its parts"}; drag or use the arrow keys to turn it, plus and minus to enlarge`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          held.current = { x: event.clientX, y: event.clientY };
        }}
        onPointerMove={(event) => {
          if (!held.current) return;
          turn((event.clientX - held.current.x) / 150, (held.current.y - event.clientY) / 150);
          held.current = { x: event.clientX, y: event.clientY };
        }}
        onPointerUp={() => {
          held.current = null;
        }}
        onKeyDown={onKey}
        onWheel={(event) => {
          event.preventDefault();
          nearer(event.deltaY < 0 ? 1.1 : 1 / 1.1);
        }}
      />
    </div>
  );
}
