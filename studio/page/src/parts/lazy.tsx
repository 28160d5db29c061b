/** A component that is loaded when it is first shown, such as the viewer of bodies in three dimensions. */

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

export function lazy<P extends object>(load: () => Promise<{ default: ComponentType<P> }>): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [Inner, setInner] = useState<ComponentType<P> | null>(() => loaded);
    useEffect(() => {
      if (!Inner) {
        void load().then((module) => {
          loaded = module.default;
          setInner(() => module.default);
        });
      }
    }, [Inner]);
    return Inner ? <Inner {...props} /> : <p class="soft">Loading …</p>;
  };
}
