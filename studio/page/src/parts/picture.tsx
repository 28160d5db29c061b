/** A picture drawn by the server: its SVG becomes part of the document, so that it needs no address of its own. */

import { useEffect, useRef } from "preact/hooks";
import { decoded } from "../api";

export function Picture({ svg, alt, caption }: { svg: string; alt: string; caption: string | null }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parsed = new DOMParser().parseFromString(new TextDecoder().decode(decoded(svg)), "image/svg+xml");
    const root = document.importNode(parsed.documentElement, true);
    // A picture is drawn, nothing in it runs.
    for (const script of root.querySelectorAll("script, foreignObject")) script.remove();
    host.current?.replaceChildren(root);
  }, [svg]);
  return (
    <figure>
      <div class="picture" ref={host} role="img" aria-label={alt} />
      {caption && <figcaption class="soft">{caption}</figcaption>}
    </figure>
  );
}
