/** A picture drawn by the server: its SVG becomes part of the document, so that it needs no address of its own. */

import { useEffect, useRef } from "preact/hooks";
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

export function Picture({ svg, alt, caption }: { svg: string; alt: string; caption: string | null }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parsed = new DOMParser().parseFromString(new TextDecoder().decode(decoded(svg)), "image/svg+xml");
    // A picture is drawn; nothing in it runs.
    for (const active of parsed.querySelectorAll("script, foreignObject")) active.remove();
    for (const image of parsed.querySelectorAll("image")) image.replaceWith(painted(image));
    host.current?.replaceChildren(document.adoptNode(parsed.documentElement));
  }, [svg]);
  return (
    <figure>
      <div class="picture" ref={host} role="img" aria-label={alt} />
      {caption && <figcaption class="soft">{caption}</figcaption>}
    </figure>
  );
}
