/** Undo and redo of frozen documents: the past, the present, the future. */

export interface History<T> {
  past: T[];
  present: T;
  future: T[];
}

const LIMIT = 200;

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [] });

/** The next document. `join` makes it one step with the last change, as the moves of one drag are. */
export function next<T>(history: History<T>, present: T, join: boolean): History<T> {
  if (present === history.present) return history;
  const past = join ? history.past : [...history.past, history.present].slice(-LIMIT);
  return { past, present, future: [] };
}

export function undo<T>(history: History<T>): History<T> {
  const present = history.past.at(-1);
  if (present === undefined) return history;
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future] };
}

export function redo<T>(history: History<T>): History<T> {
  const [present, ...future] = history.future;
  if (present === undefined) return history;
  return { past: [...history.past, history.present], present, future };
}
