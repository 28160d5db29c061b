/** A picture drawn by the server: its SVG becomes part of the document, so that it needs no address of its own. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { decoded } from "../api";

const SVG = "http://www.w3.org/2000/svg";

/** Pixels within a drawing have a data address, which the page may not load: they are painted on a canvas instead. */
function painted(image: Element): Element {
  const [, kind = "", content = ""] = /^data:([^;,]*);base64,\s*(.*)$/s.exec(image.getAttribute("href") ?? image.getAttribute("xlink:href") ?? "") ?? [];
  const frame = document.createElementNS(SVG, "foreignObject");
  for (const name of ["x", "y", "width", "height", "transform"]) frame.setAttribute(name, image.getAttribute(name) ?? "0");
  if (!image.hasAttribute("transform")) frame.removeAttribute("transform");
  const canvas = document.createElement("canvas");
  canvas.style.width = canvas.style.height = "100%";
  frame.append(canvas);
  void createImageBitmap(new Blob([decoded(content)], { type: kind })).then((bitmap) => {
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  });
  return frame;
}

/** Pixels of the screen for a millimetre of print: letters of a picture are then as large as those around it. */
const PER_MM = 5;

export function Picture({ svg, alt, caption, width = null }: { svg: string; alt: string; caption: ComponentChildren; width?: number | null }) {
  const host = useRef<HTMLDivElement>(null);
  const [large, setLarge] = useState(false);
  useEffect(() => {
    const parsed = new DOMParser().parseFromString(new TextDecoder().decode(decoded(svg)), "image/svg+xml");
    // A picture is drawn; nothing in it runs.
    for (const active of parsed.querySelectorAll("script, foreignObject")) active.remove();
    for (const image of parsed.querySelectorAll("image")) image.replaceWith(painted(image));
    const drawn = document.adoptNode(parsed.documentElement);
    if (width !== null) drawn.style.setProperty("--drawn", `${PER_MM * width}px`);
    host.current?.replaceChildren(drawn);
  }, [svg]);
  return (
    <figure class={large ? "large" : ""}>
      <button class="quiet widen" aria-pressed={large} onClick={() => setLarge(!large)}>{large ? "Fit to the screen" : "Enlarge"}</button>
      <div class="picture" ref={host} tabIndex={large ? 0 : undefined} role="img" aria-label={alt} />
      {caption && <figcaption class="soft">{caption}</figcaption>}
    </figure>
  );
}
