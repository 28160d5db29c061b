/**
 * What a window keeps across reloads. Every window has a document of its own in localStorage; a new one begins with
 * the state that was saved last, a duplicated tab goes on under a name of its own.
 */

const PREFIX = "ioffe-studio/";
const KEPT = 6;

interface Entry<T> {
  saved: number;
  state: T;
}

const read = <T>(key: string): Entry<T> | null => {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as Entry<T> | null;
  } catch {
    return null;
  }
};

const windows = (): string[] =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith(`${PREFIX}window/`))
    .sort((a, b) => (read(b)?.saved ?? 0) - (read(a)?.saved ?? 0));

/** A name that no other window has; `randomUUID` is missing where a page comes from another computer. */
const random = (): string => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");

const ANSWER = 200;
/** The same where the browser keeps no locks, as without encryption: a window that has the name answers. */
function asked(name: string): Promise<boolean> {
  const channel = new BroadcastChannel(PREFIX);
  return new Promise((resolve) => {
    const timer = window.setTimeout(() => {
      channel.onmessage = ({ data }) => data === `who ${name}` && channel.postMessage(`taken ${name}`);
      resolve(true);
    }, ANSWER);
    channel.onmessage = ({ data }) => {
      if (data !== `taken ${name}`) return;
      window.clearTimeout(timer);
      channel.close();
      resolve(false);
    };
    channel.postMessage(`who ${name}`);
  });
}

/** Holds the name of this window while it lives; false where another window has it already. */
function hold(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    if (!navigator.locks) return void asked(name).then(resolve);
    void navigator.locks.request(PREFIX + name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<void>(() => undefined);
    });
  });
}

export class WindowStore<T> {
  private constructor(private readonly key: string) {}

  static async open<T>(): Promise<{ store: WindowStore<T>; state: T | null }> {
    const old = sessionStorage.getItem(PREFIX);
    const own = old !== null && (await hold(old));
    const name = own ? old : random();
    if (!own) await hold(name);
    sessionStorage.setItem(PREFIX, name);
    const latest = old === null ? windows()[0] : `${PREFIX}window/${old}`;
    const state = latest === undefined ? null : (read<T>(latest)?.state ?? null);
    return { store: new WindowStore(`${PREFIX}window/${name}`), state };
  }

  /** Saves the state; where the browser has no room left, windows that were closed long ago give way. */
  save(state: T): boolean {
    const text = JSON.stringify({ saved: Date.now(), state } satisfies Entry<T>);
    const others = windows().filter((key) => key !== this.key);
    for (const key of others.slice(KEPT)) localStorage.removeItem(key);
    for (const key of [null, ...others.slice(0, KEPT).reverse()]) {
      if (key !== null) localStorage.removeItem(key);
      try {
        localStorage.setItem(this.key, text);
        return true;
      } catch {
        continue;
      }
    }
    return false;
  }
}

/** A choice that all windows share, such as the theme. */
export const choice = {
  get: (name: string): string | null => localStorage.getItem(PREFIX + name),
  set: (name: string, value: string): void => localStorage.setItem(PREFIX + name, value),
};
